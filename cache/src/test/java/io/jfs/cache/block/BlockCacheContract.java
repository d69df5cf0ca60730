package io.jfs.cache.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.cache.block.BlockCache.Admission;
import io.jfs.cache.page.MemoryBudget;
import io.jfs.cache.page.Page;
import io.jfs.cache.page.PagePool;
import io.jfs.cache.page.PageSlice;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every block cache does. */
@Timeout(60)
abstract class BlockCacheContract {
  static final int BLOCK = 256 << 10;

  final PagePool pool = new PagePool(new MemoryBudget(64 << 20));
  BlockCache cache = BlockCache.NONE;

  /** A cache with room for so many bytes of blocks, overhead included. */
  abstract BlockCache open(long capacityBytes) throws Exception;

  @BeforeEach
  void start() throws Exception {
    cache = open(1L << 30);
  }

  @AfterEach
  void nothingIsLeftOver() {
    cache.close();
    assertThat(pool.outstanding()).isZero();
    assertThat(pool.budget().usedBytes()).isZero();
  }

  @Test
  void whatIsPutCanBeReadInParts() {
    SplittableRandom random = new SplittableRandom(1);
    for (int size : new int[] {1, 46, 32 << 10, (32 << 10) + 1, 100_000, BLOCK}) {
      BlockKey key = new BlockKey(size, 0, size);
      byte[] bytes = put(key);
      for (int i = 0; i < 30; i++) {
        int off = random.nextInt(size);
        int len = 1 + random.nextInt(size - off);
        assertThat(read(key, off, len)).isEqualTo(Arrays.copyOfRange(bytes, off, off + len));
      }
      assertThat(cache.contains(key)).isTrue();
    }
  }

  @Test
  void whatIsNotThereIsAbsent() {
    BlockKey key = new BlockKey(1, 2, 3);
    assertThat(cache.read(key, 0, 3)).isNull();
    assertThat(cache.contains(key)).isFalse();
    cache.remove(key);
  }

  @Test
  void removedBlocksAreGone() {
    BlockKey key = new BlockKey(1, 0, 1000);
    put(key);
    cache.remove(key);
    assertThat(cache.contains(key)).isFalse();
    assertThat(read(key, 0, 10)).isNull();
    assertThat(cache.usedBytes()).isZero();
  }

  @Test
  void puttingTwiceKeepsOne() {
    BlockKey key = new BlockKey(1, 0, 1000);
    put(key);
    put(key);
    settle(1);
    assertThat(cache.blockCount()).isEqualTo(1);
  }

  @Test
  void aFullCacheEvicts() throws Exception {
    cache.close();
    cache = open(1 << 20);
    for (int i = 0; i < 64; i++) {
      put(new BlockKey(i, 0, 100_000));
    }
    cache.close();
    assertThat(cache.usedBytes()).isLessThanOrEqualTo(1 << 20);
  }

  @Test
  void readersAndWritersAtOnceSeeRightBytesOrNone() throws Exception {
    cache.close();
    cache = open(3 << 20);
    ExecutorService threads = Executors.newFixedThreadPool(6);
    List<Future<?>> runs = new ArrayList<>();
    for (int t = 0; t < 6; t++) {
      SplittableRandom random = new SplittableRandom(t);
      runs.add(threads.submit(() -> hammer(random)));
    }
    for (Future<?> run : runs) {
      run.get();
    }
    threads.shutdown();
  }

  private void hammer(SplittableRandom random) {
    for (int i = 0; i < 600; i++) {
      BlockKey key = key(random.nextInt(40));
      switch (random.nextInt(10)) {
        case 0 -> cache.remove(key);
        case 1, 2, 3 -> put(key);
        default -> {
          int off = random.nextInt(key.sizeBytes());
          int len = 1 + random.nextInt(key.sizeBytes() - off);
          byte[] found = read(key, off, len);
          if (found != null) {
            assertThat(found).isEqualTo(Arrays.copyOfRange(bytes(key), off, off + len));
          }
        }
      }
    }
  }

  private static BlockKey key(int i) {
    return new BlockKey(i, 0, 10_000 + i * 5000);
  }

  byte[] put(BlockKey key) {
    byte[] bytes = bytes(key);
    try (Page page = pool.take(key.sizeBytes())) {
      page.buffer().put(bytes);
      cache.put(key, page, Admission.FORCED);
    }
    return bytes;
  }

  byte[] read(BlockKey key, int off, int len) {
    try (PageSlice found = cache.read(key, off, len)) {
      if (found == null) {
        return null;
      }
      assertThat(found.lengthBytes()).isEqualTo(len);
      byte[] bytes = new byte[len];
      found.buffer().get(bytes);
      return bytes;
    }
  }

  /** Waits until so many blocks are kept. */
  void settle(long blocks) {
    while (cache.blockCount() < blocks) {
      Thread.onSpinWait();
    }
  }

  static byte[] bytes(BlockKey key) {
    byte[] bytes = new byte[key.sizeBytes()];
    new Random(key.hashCode()).nextBytes(bytes);
    return bytes;
  }

  static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }
}
