package io.jfs.vfs.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.chunk.slice.SliceWriter;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The rule which open slice takes a write: data spec 4.3. */
class ChunkWriterTest {
  private static final int BLOCK = 1 << 16;

  private final ChunkWriter chunk = new ChunkWriter();

  private OpenSlice slice(int pos, int length) throws Exception {
    OpenSlice slice = new OpenSlice(0, pos, 1, new NoWriter(), 0);
    slice.write(pos, ByteBuffer.allocate(length), 0, Instant.EPOCH);
    chunk.add(slice);
    return slice;
  }

  private OpenSlice choose(int at, int length) {
    return chunk.choose(at, length, BLOCK).joins();
  }

  @Test
  void joinsAnAppend() throws Exception {
    OpenSlice slice = slice(100, 50);
    assertThat(choose(150, 10)).isSameAs(slice);
  }

  @Test
  void joinsARewriteWithinTheUnfinishedBlock() throws Exception {
    OpenSlice slice = slice(0, BLOCK + 1000);
    assertThat(choose(BLOCK + 5, 100)).isSameAs(slice);
    assertThat(choose(BLOCK, 100)).isSameAs(slice);
    assertThat(choose(BLOCK - 1, 1)).isNull();
  }

  @Test
  void startsANewSliceBehindAGap() throws Exception {
    slice(0, 10);
    assertThat(choose(11, 5)).isNull();
  }

  @Test
  void doesNotWriteUnderANewerSlice() throws Exception {
    slice(0, 10);
    slice(12, 10);
    assertThat(choose(10, 2)).isNotNull();
    assertThat(choose(10, 3)).isNull();
  }

  @Test
  void doesNotWriteUnderANewerSliceThatIsOnItsWay() throws Exception {
    slice(0, 10);
    slice(12, 10).state(OpenSlice.State.SEALED);
    assertThat(choose(10, 3)).isNull();
    assertThat(choose(10, 2)).isNotNull();
  }

  @Test
  void findsWhatIsOutdatedWhileLooking() throws Exception {
    OpenSlice first = slice(0, 10);
    for (int i = 1; i <= 4; i++) {
      slice(1000 * i, 10);
    }
    assertThat(chunk.choose(9000, 5, BLOCK).outdated()).containsExactly(first);
  }

  @Test
  void forgetsWhatIsOnItsWayWhenNothingOlderIsOpen() throws Exception {
    slice(0, 10).state(OpenSlice.State.SEALED);
    assertThat(chunk.isClosed()).isTrue();
    slice(0, 10);
    assertThat(chunk.isClosed()).isFalse();
  }

  private static final class NoWriter implements SliceWriter {
    private int length;

    @Override
    public void assignId(long id) {}

    @Override
    public int lengthBytes() {
      return length;
    }

    @Override
    public void write(int off, ByteBuffer data) {
      length = Math.max(length, off + data.remaining());
      data.position(data.limit());
    }

    @Override
    public void flushFull() {}

    @Override
    public CompletableFuture<Void> finish() {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void abort() {}
  }
}
