package io.jfs.chunk.slice;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.cache.block.BlockCache;
import io.jfs.cache.block.BlockNaming;
import io.jfs.cache.page.MemoryBudget;
import io.jfs.cache.page.PagePool;
import io.jfs.cache.page.PageSlice;
import io.jfs.chunk.object.ForwardingObjectStore;
import io.jfs.chunk.object.MemoryObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reading ahead, without a cache. */
@Timeout(60)
class ReadAheadTest {
  private static final int BLOCK = 64 << 10;
  private static final int SIZE = 12 * BLOCK;

  /** Lets GETs through one by one, and counts. */
  private static final class GatedStore extends ForwardingObjectStore {
    private final Semaphore gate = new Semaphore(0);
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger gets = new AtomicInteger();

    GatedStore() {
      super(new MemoryObjectStore(Clock.systemUTC()));
    }

    @Override
    public boolean hasCheapRanges() {
      return false;
    }

    @Override
    public int get(String key, long off, ByteBuffer into) throws IOException {
      gets.incrementAndGet();
      inFlight.incrementAndGet();
      gate.acquireUninterruptibly();
      inFlight.decrementAndGet();
      return super.get(key, off, into);
    }
  }

  private final GatedStore objects = new GatedStore();
  private final byte[] bytes = new byte[SIZE];
  private PagePool pool;
  private SliceStore store;

  @BeforeEach
  void write() throws Exception {
    new Random(1).nextBytes(bytes);
    open(16 << 20);
    SliceWriter writer = store.newWriter();
    writer.assignId(1);
    writer.write(0, ByteBuffer.wrap(bytes));
    writer.finish().get();
  }

  private void open(long budgetBytes) {
    pool = new PagePool(new MemoryBudget(budgetBytes));
    ChunkConfig config = ChunkConfig.defaults().withVolume(BLOCK, BlockNaming.PLAIN, "none");
    store = new DefaultSliceStore(objects, BlockCache.NONE, pool, config, new SliceMetrics());
  }

  @AfterEach
  void nothingIsLeftOver() {
    objects.gate.release(1000);
    store.close();
    assertThat(pool.outstanding()).isZero();
    assertThat(pool.budget().usedBytes()).isZero();
  }

  @Test
  void manyBlocksAreOnTheirWayAtOnce() throws Exception {
    store.prefetch(1, SIZE, 0, 8 * BLOCK);
    while (objects.inFlight.get() < 8) {
      Thread.onSpinWait();
    }
    objects.gate.release(1000);
    readAll(8 * BLOCK, 10_000);
    assertThat(objects.gets).hasValue(8);
  }

  @Test
  void aBlockReadInPiecesIsFetchedOnce() throws Exception {
    objects.gate.release(1000);
    readAll(SIZE, 1000);
    assertThat(objects.gets).hasValue(12);
  }

  @Test
  void noMoreIsFetchedAheadThanMemoryHolds() throws Exception {
    store.close();
    open(1 << 20); // a quarter of it is four blocks
    store.prefetch(1, SIZE, 0, SIZE);
    while (objects.inFlight.get() < 4) {
      Thread.onSpinWait();
    }
    objects.gate.release(1000);
    assertThat(pool.budget().usedBytes()).isLessThanOrEqualTo(pool.budget().limitBytes());
    readAll(SIZE, BLOCK);
    // One that was fetched ahead may have made room for another before it was read.
    assertThat(objects.gets.get()).isBetween(12, 16);
  }

  private void readAll(int end, int step) throws IOException {
    for (int at = 0; at < end; ) {
      try (PageSlice piece = store.read(1, SIZE, at, Math.min(step, end - at), false)) {
        ByteBuffer right = ByteBuffer.wrap(bytes, at, piece.lengthBytes());
        assertThat(piece.buffer()).isEqualTo(right);
        at += piece.lengthBytes();
      }
    }
  }
}
