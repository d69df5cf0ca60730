package io.jfs.vfs.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReadAheadTest {
  private static final int BLOCK = 4 << 20;
  private static final int MAX = 32 << 20;

  private final ReadAhead ahead = new ReadAhead(BLOCK, MAX);
  private final List<long[]> asked = new ArrayList<>();

  private boolean read(long offset, int size, long length) {
    return ahead.onRead(offset, size, length, (from, to) -> asked.add(new long[] {from, to}));
  }

  @Test
  void opensItsWindowUpToTheLimitWhileReadingIsSequential() {
    long length = 1L << 30;
    for (long at = 0; at < 256 << 20; at += 1 << 20) {
      assertThat(read(at, 1 << 20, length)).isTrue();
    }
    long farthest = asked.get(asked.size() - 1)[1];
    assertThat(farthest).isBetween((256L << 20) + MAX - 2 * BLOCK, (256L << 20) + MAX);
  }

  @Test
  void asksForNothingTwice() {
    for (long at = 0; at < 64 << 20; at += 128 << 10) {
      read(at, 128 << 10, 1L << 30);
    }
    long end = 0;
    for (long[] range : asked) {
      assertThat(range[0]).isGreaterThanOrEqualTo(end);
      end = range[1];
    }
    assertThat(asked).hasSizeLessThan(40);
  }

  @Test
  void doesNotAskBehindTheEnd() {
    for (long at = 0; at < 8 << 20; at += 1 << 20) {
      read(at, 1 << 20, 8 << 20);
    }
    assertThat(asked).isNotEmpty().allMatch(range -> range[1] <= 8 << 20);
  }

  @Test
  void toleratesReadsThatArriveALittleOutOfOrder() {
    long length = 1L << 30;
    for (long at = 0; at < 64 << 20; at += 256 << 10) {
      assertThat(read(at + (128 << 10), 128 << 10, length)).isTrue();
      assertThat(read(at, 128 << 10, length)).isTrue();
    }
  }

  @Test
  void closesItsWindowWhenReadingIsRandom() {
    Random random = new Random(1);
    read(0, 4096, 1L << 40);
    for (int i = 0; i < 100; i++) {
      read(random.nextLong(1L << 39), 4096, 1L << 40);
    }
    asked.clear();
    for (int i = 0; i < 100; i++) {
      read(random.nextLong(1L << 39), 4096, 1L << 40);
    }
    assertThat(asked).isEmpty();
  }
}
