package io.jfs.chunk.slice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jfs.cache.block.BlockCache;
import io.jfs.cache.block.BlockNaming;
import io.jfs.cache.page.MemoryBudget;
import io.jfs.cache.page.PagePool;
import io.jfs.cache.page.PageSlice;
import io.jfs.chunk.object.FileObjectStore;
import io.jfs.chunk.object.FileObjectStore.Durability;
import io.jfs.chunk.object.ForwardingObjectStore;
import io.jfs.chunk.object.MemoryObjectStore;
import io.jfs.chunk.object.NoSpaceException;
import io.jfs.chunk.object.NoSuchObjectException;
import io.jfs.chunk.object.ObjectInfo;
import io.jfs.chunk.object.ObjectStore;
import io.jfs.chunk.testing.FaultyObjectStore;
import io.jfs.chunk.testing.FaultyObjectStore.Faults;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SliceStoreTest {
  private static final int BLOCK = 64 << 10;

  private final PagePool pool = new PagePool(new MemoryBudget(16 << 20));
  private final MemoryObjectStore objects = new MemoryObjectStore(Clock.systemUTC());
  private final FaultyObjectStore faulty = new FaultyObjectStore(objects, 1, Faults.NONE);
  private final SliceMetrics metrics = new SliceMetrics();
  private SliceStore store = open(config());

  @TempDir Path folder;

  private static ChunkConfig config() {
    return ChunkConfig.defaults().withVolume(BLOCK, BlockNaming.PLAIN, "none");
  }

  private SliceStore open(ChunkConfig config) {
    return new DefaultSliceStore(faulty, BlockCache.NONE, pool, config, metrics);
  }

  private void reopen(ChunkConfig config) {
    store.close();
    store = open(config);
  }

  @AfterEach
  void nothingIsLeftOver() {
    store.close();
    assertThat(pool.outstanding()).isZero();
    assertThat(pool.budget().usedBytes()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "lz4", "zstd"})
  void whatIsWrittenIsRead(String compression) throws Exception {
    reopen(config().withVolume(BLOCK, BlockNaming.HASHED, compression));
    SplittableRandom random = new SplittableRandom(1);
    for (int size : new int[] {1, 100, BLOCK - 1, BLOCK, BLOCK + 1, 5 * BLOCK + 17}) {
      byte[] bytes = writeInPieces(size, size, random);
      for (int i = 0; i < 50; i++) {
        int off = random.nextInt(size);
        int len = 1 + random.nextInt(size - off);
        assertThat(read(size, size, off, len)).isEqualTo(slice(bytes, off, len));
      }
    }
  }

  @Test
  void objectsAreNamedAfterSliceBlockAndSize() throws Exception {
    write(3, new byte[BLOCK + 10]);
    assertThat(objects.list("", "", 10).stream().map(ObjectInfo::key))
        .containsExactly("chunks/0/0/3_0_65536", "chunks/0/0/3_1_10");
  }

  @Test
  void theUnfinishedBlockMayBeWrittenAgain() throws Exception {
    SliceWriter writer = store.newWriter();
    writer.assignId(7);
    writer.write(0, buffer("hello world"));
    writer.write(6, buffer("there"));
    writer.write(2, buffer("LL"));
    writer.finish().get();
    assertThat(new String(read(7, 11, 0, 11))).isEqualTo("heLLo there");
  }

  @Test
  void writesOutsideTheUnfinishedBlockAreRefused() {
    SliceWriter writer = store.newWriter();
    assertThatThrownBy(() -> writer.write(1, buffer("x")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(writer.lengthBytes()).isZero();
    writer.abort();
  }

  @Test
  void fullBlocksGoUpBeforeTheEndOnceTheIdIsKnown() throws Exception {
    SliceWriter writer = store.newWriter();
    writer.write(0, ByteBuffer.allocate(2 * BLOCK + 5));
    assertThat(objects.list("", "", 10)).isEmpty();
    writer.assignId(9);
    while (objects.list("", "", 10).size() < 2) {
      Thread.onSpinWait();
    }
    writer.finish().get();
    assertThat(objects.list("", "", 10)).hasSize(3);
  }

  @Test
  void anAbortedSliceLeavesNothing() throws Exception {
    SliceWriter writer = store.newWriter();
    writer.assignId(9);
    writer.write(0, ByteBuffer.allocate(3 * BLOCK + 5));
    writer.abort();
    store.close();
    assertThat(objects.list("", "", 10)).isEmpty();
    store = open(config());
  }

  @Test
  void anUnnamedSliceCanBeAborted() throws Exception {
    SliceWriter writer = store.newWriter();
    writer.write(0, ByteBuffer.allocate(3 * BLOCK + 5));
    writer.abort();
    writer.abort();
    assertThat(pool.outstanding()).isZero();
  }

  @Test
  void anEmptySliceIsFinishedAtOnce() throws Exception {
    SliceWriter writer = store.newWriter();
    assertThat(writer.finish()).isCompleted();
  }

  @Test
  void removedSlicesAreGone() throws Exception {
    write(3, new byte[3 * BLOCK]);
    store.remove(3, 3 * BLOCK);
    assertThat(objects.list("", "", 10)).isEmpty();
    assertThatThrownBy(() -> read(3, 3 * BLOCK, 0, 1)).isInstanceOf(NoSuchObjectException.class);
    store.remove(3, 3 * BLOCK);
  }

  @Test
  void aShortObjectIsAnError() throws Exception {
    write(3, new byte[1000]);
    objects.put("chunks/0/0/3_0_1000", ByteBuffer.allocate(999));
    assertThatThrownBy(() -> read(3, 1000, 0, 1000)).isInstanceOf(IOException.class);
    assertThat(read(3, 1000, 10, 10)).hasSize(10);
    assertThatThrownBy(() -> read(3, 1000, 990, 10)).isInstanceOf(IOException.class);
  }

  @Test
  void parallelSlicesUnderFaultsAndLittleMemoryAllArrive() throws Exception {
    PagePool small = new PagePool(new MemoryBudget(8 * BLOCK));
    faulty.setFaults(new Faults(0.05, 0.05, 500));
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (SliceStore tight =
        new DefaultSliceStore(faulty, BlockCache.NONE, small, config().withIoRetries(3), metrics)) {
      List<Future<byte[]>> writes = new ArrayList<>();
      for (int i = 1; i <= 60; i++) {
        int id = i;
        SplittableRandom random = new SplittableRandom(i);
        writes.add(
            threads.submit(() -> write(tight, id, random(random, random.nextInt(1, 5 * BLOCK)))));
      }
      List<byte[]> all = new ArrayList<>();
      for (Future<byte[]> write : writes) {
        all.add(write.get());
      }
      faulty.setFaults(Faults.NONE);
      for (int i = 1; i <= all.size(); i++) {
        byte[] bytes = all.get(i - 1);
        assertThat(read(tight, i, bytes.length, 0, bytes.length)).isEqualTo(bytes);
      }
    }
    threads.shutdown();
    assertThat(small.outstanding()).isZero();
  }

  @Test
  void blocksAreKeptAsTheTierOfTheirFileWants() throws Exception {
    List<Integer> tiers = Collections.synchronizedList(new ArrayList<>());
    ObjectStore noting =
        new ForwardingObjectStore(new MemoryObjectStore(Clock.systemUTC())) {
          @Override
          public void put(String key, ByteBuffer data, int tier) throws IOException {
            tiers.add(tier);
            super.put(key, data, tier);
          }
        };
    try (SliceStore tiered =
        new DefaultSliceStore(noting, BlockCache.NONE, pool, config(), metrics)) {
      write(tiered, 1, new byte[10]);
      SliceWriter writer = tiered.newWriter(2);
      writer.assignId(2);
      writer.write(0, ByteBuffer.allocate(BLOCK + 1));
      writer.finish().get();
    }
    assertThat(tiers).containsExactly(0, 2, 2);
  }

  @Test
  void uploadsResumeSoonAfterAnOutage() throws Exception {
    faulty.setDown(true);
    SliceWriter writer = store.newWriter();
    writer.assignId(1);
    writer.write(0, ByteBuffer.allocate(BLOCK));
    CompletableFuture<Void> done = writer.finish();
    // After 0 + 1 s the pauses are 4 s and more: in the middle of one the store comes back.
    TimeUnit.MILLISECONDS.sleep(2500);
    assertThat(done).isNotDone();
    faulty.setDown(false);
    assertThat(done).succeedsWithin(Duration.ofMillis(1500));
  }

  @Test
  void patienceEndsWithAnErrorAndNothingStaysBehind() throws Exception {
    reopen(config().withIoRetries(1));
    SliceWriter writer = store.newWriter();
    writer.assignId(1);
    writer.write(0, ByteBuffer.allocate(BLOCK));
    while (objects.list("", "", 10).isEmpty()) {
      Thread.onSpinWait();
    }
    faulty.setDown(true);
    writer.write(BLOCK, ByteBuffer.allocate(BLOCK));
    assertThatThrownBy(() -> writer.finish().get())
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(IOException.class);
    faulty.setDown(false);
  }

  @Test
  void aFullDiskFailsAtOnceAndIsTold() throws Exception {
    Path mount = Files.createDirectory(folder.resolve("small"));
    Assumptions.assumeTrue(mountTmpfs(mount), "needs the right to mount");
    try (SliceStore files =
        new DefaultSliceStore(
            new FileObjectStore(mount, Durability.FSYNC),
            BlockCache.NONE,
            pool,
            config(),
            metrics)) {
      SliceWriter writer = files.newWriter();
      writer.assignId(1);
      assertThatThrownBy(
              () -> {
                writer.write(0, ByteBuffer.allocateDirect(3 << 20));
                writer.finish().get();
              })
          .satisfiesAnyOf(
              e -> assertThat(e).isInstanceOf(NoSpaceException.class),
              e -> assertThat(e).hasCauseInstanceOf(NoSpaceException.class));
      writer.abort();
      write(files, 2, new byte[1000]);
    } finally {
      new ProcessBuilder("umount", mount.toString()).start().waitFor();
    }
  }

  @Test
  void readersOfOneBlockShareOneFetch() throws Exception {
    write(3, new byte[BLOCK]);
    reopen(config());
    try (SliceStore lz4 =
        new DefaultSliceStore(
            faulty,
            BlockCache.NONE,
            pool,
            config().withVolume(BLOCK, BlockNaming.PLAIN, "lz4"),
            metrics)) {
      write(lz4, 4, new byte[BLOCK]);
      faulty.setFaults(new Faults(0, 0, 200_000));
      long before = faulty.requests();
      ExecutorService threads = Executors.newFixedThreadPool(8);
      List<Future<byte[]>> reads = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        reads.add(threads.submit(() -> read(lz4, 4, BLOCK, 0, 10)));
      }
      for (Future<byte[]> read : reads) {
        assertThat(read.get()).hasSize(10);
      }
      threads.shutdown();
      assertThat(faulty.requests() - before).isLessThan(8);
    }
  }

  private static boolean mountTmpfs(Path mount) throws IOException, InterruptedException {
    return new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", mount.toString())
            .start()
            .waitFor()
        == 0;
  }

  /** Writes random bytes in random pieces, sometimes over what the open block already holds. */
  private byte[] writeInPieces(long id, int size, SplittableRandom random) throws Exception {
    byte[] expected = random(random, size);
    SliceWriter writer = store.newWriter();
    boolean early = random.nextBoolean();
    if (early) {
      writer.assignId(id);
    }
    int at = 0;
    while (at < size) {
      int blockStart = at - at % BLOCK;
      int start = random.nextInt(4) == 0 ? random.nextInt(blockStart, at + 1) : at;
      int len = Math.min(size - start, 1 + random.nextInt(BLOCK));
      ByteBuffer data = ByteBuffer.wrap(expected, start, len);
      writer.write(start, data);
      assertThat(data.hasRemaining()).isFalse();
      at = Math.max(at, start + len);
      assertThat(writer.lengthBytes()).isEqualTo(at);
    }
    if (!early) {
      writer.assignId(id);
    }
    writer.finish().get();
    return expected;
  }

  private void write(long id, byte[] bytes) throws Exception {
    write(store, id, bytes);
  }

  private static byte[] write(SliceStore store, long id, byte[] bytes) throws Exception {
    SliceWriter writer = store.newWriter();
    writer.assignId(id);
    writer.write(0, ByteBuffer.wrap(bytes));
    writer.finish().get();
    return bytes;
  }

  private byte[] read(long id, int size, int off, int len) throws IOException {
    return read(store, id, size, off, len);
  }

  private static byte[] read(SliceStore store, long id, int size, int off, int len)
      throws IOException {
    ByteBuffer into = ByteBuffer.allocate(len);
    while (into.hasRemaining()) {
      try (PageSlice piece = store.read(id, size, off + into.position(), into.remaining(), false)) {
        assertThat(piece.lengthBytes()).isBetween(1, into.remaining());
        into.put(piece.buffer());
      }
    }
    return into.array();
  }

  private static byte[] random(SplittableRandom random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] slice(byte[] bytes, int off, int len) {
    return java.util.Arrays.copyOfRange(bytes, off, off + len);
  }

  private static ByteBuffer buffer(String text) {
    return ByteBuffer.wrap(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
  }
}
