package io.jfs.chunk.slice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jfs.cache.block.BlockCache;
import io.jfs.cache.block.BlockCaches;
import io.jfs.cache.block.BlockNaming;
import io.jfs.cache.block.CacheConfig;
import io.jfs.cache.block.CacheMetrics;
import io.jfs.cache.block.DiskSpace;
import io.jfs.cache.page.MemoryBudget;
import io.jfs.cache.page.PagePool;
import io.jfs.cache.page.PageSlice;
import io.jfs.chunk.object.MemoryObjectStore;
import io.jfs.chunk.testing.FaultyObjectStore;
import io.jfs.chunk.testing.FaultyObjectStore.Faults;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class WritebackTest {
  private static final int BLOCK = 64 << 10;
  private static final WritebackConfig LATER =
      new WritebackConfig(Integer.MAX_VALUE, Duration.ofHours(1), UploadHours.ALWAYS);

  private final PagePool pool = new PagePool(new MemoryBudget(16 << 20));
  private final MemoryObjectStore objects = new MemoryObjectStore(Clock.systemUTC());
  private final FaultyObjectStore faulty = new FaultyObjectStore(objects, 1, Faults.NONE);
  private double freeRatio = 0.9;
  private SliceStore store;

  @TempDir Path folder;

  private void open(WritebackConfig writeback) {
    DiskSpace space = path -> new DiskSpace.Fill(1L << 40, (long) (freeRatio * (1L << 40)), 0, 0);
    BlockCache cache =
        BlockCaches.open(
            CacheConfig.defaults(List.of(folder.resolve("uuid"))),
            pool,
            space,
            Clock.systemUTC(),
            new CacheMetrics());
    ChunkConfig config =
        ChunkConfig.defaults()
            .withVolume(BLOCK, BlockNaming.PLAIN, "none")
            .withIoRetries(0)
            .withWriteback(writeback);
    store = new DefaultSliceStore(faulty, cache, pool, config, new SliceMetrics());
  }

  private void reopen(WritebackConfig writeback) {
    store.close();
    open(writeback);
  }

  @AfterEach
  void nothingIsLeftOver() {
    if (store != null) {
      store.close();
    }
    assertThat(pool.outstanding()).isZero();
    assertThat(pool.budget().usedBytes()).isZero();
  }

  @Test
  void blocksAreStagedAndUploadedSoon() throws Exception {
    open(WritebackConfig.ON);
    byte[] bytes = write(1, 3 * BLOCK + 5);
    store.flushStaged();
    assertThat(objects.list("", "", 10)).hasSize(4);
    assertThat(staged()).isEmpty();
    assertThat(read(1, bytes.length)).isEqualTo(bytes);
    assertThat(folder.resolve("uuid/raw/chunks/0/0/1_3_5")).exists();
  }

  @Test
  void aWriteSucceedsWithoutTheStoreAndSurvivesARestart() throws Exception {
    open(WritebackConfig.ON);
    faulty.setDown(true);
    byte[] bytes = write(1, 2 * BLOCK + 5);
    assertThat(read(1, bytes.length)).isEqualTo(bytes);
    assertThat(objects.list("", "", 10)).isEmpty();
    assertThat(staged()).hasSize(3);
    reopen(WritebackConfig.OFF); // even without the option nothing is forgotten
    assertThat(read(1, bytes.length)).isEqualTo(bytes);
    faulty.setDown(false);
    store.flushStaged();
    assertThat(staged()).isEmpty();
    assertThat(objects.list("", "", 10)).hasSize(3);
  }

  @Test
  void filesLookLikeTheReferences() throws Exception {
    open(LATER);
    write(7, BLOCK + 10);
    Path file = folder.resolve("uuid/rawstaging/chunks/0/0/7_1_10");
    assertThat(Files.size(file)).isEqualTo(14);
    assertThat(Files.getAttribute(file, "unix:nlink")).isEqualTo(2);
    assertThat(Files.isSameFile(file, folder.resolve("uuid/raw/chunks/0/0/7_1_10"))).isTrue();
  }

  @Test
  void delayedBlocksWaitAndEvictionLeavesThem() throws Exception {
    open(LATER);
    byte[] bytes = write(1, 1000);
    store.evict(1, 1000);
    assertThat(read(1, 1000)).isEqualTo(bytes);
    assertThat(store.cachedBytes(1, 1000).values()).containsExactly(1000L);
    assertThat(objects.list("", "", 10)).isEmpty();
  }

  @Test
  void aRemovedSliceIsNeverUploaded() throws Exception {
    open(LATER);
    write(1, 1000);
    store.remove(1, 1000);
    assertThat(staged()).isEmpty();
    assertThat(faulty.requests()).isZero();
    reopen(WritebackConfig.ON);
    store.flushStaged();
    assertThat(objects.list("", "", 10)).isEmpty();
    assertThatThrownBy(() -> read(1, 1000)).isInstanceOf(IOException.class);
  }

  @Test
  void blocksAboveTheThresholdGoStraightUp() throws Exception {
    open(new WritebackConfig(1000, Duration.ofHours(1), UploadHours.ALWAYS));
    write(1, BLOCK + 1000);
    assertThat(objects.list("", "", 10)).hasSize(1);
    assertThat(staged()).hasSize(1);
  }

  @Test
  void aDiskNearlyFullStagesNothing() throws Exception {
    freeRatio = 0.04; // less than half of what is to stay free
    open(LATER);
    write(1, 1000);
    assertThat(objects.list("", "", 10)).hasSize(1);
    assertThat(staged()).isEmpty();
  }

  @Test
  void whenSpaceIsShortDelayedBlocksAreUploadedEarly() throws Exception {
    open(LATER);
    write(1, 1000);
    freeRatio = 0.08;
    store.flushStaged();
    assertThat(objects.list("", "", 10)).hasSize(1);
  }

  @Test
  void aDamagedStagedBlockIsNotUploaded() throws Exception {
    open(LATER);
    write(1, 100_000);
    store.close();
    for (Path file : staged()) {
      byte[] bytes = Files.readAllBytes(file);
      bytes[10] ^= 1;
      Files.write(file, bytes);
    }
    open(WritebackConfig.ON);
    assertThatThrownBy(() -> read(1, 100_000)).isInstanceOf(IOException.class);
    store.close();
    store = null;
    assertThat(objects.list("", "", 10)).isEmpty();
    assertThat(staged()).hasSize(2);
  }

  @Test
  void uploadsGoOnAfterAnOutage() throws Exception {
    open(WritebackConfig.ON);
    faulty.setDown(true);
    for (int i = 1; i <= 30; i++) {
      write(i, 2000);
    }
    faulty.setDown(false);
    store.flushStaged();
    assertThat(objects.list("", "", 100)).hasSize(30);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 3, true", "'1-5', 1, true", "'1-5', 5, false", "'1,5', 0, false",
    "'22,6', 23, true", "'22-6', 5, true", "'22-6', 6, false", "'4,4', 9, true"
  })
  void uploadHours(String text, int hour, boolean allowed) {
    assertThat(UploadHours.parse(text).allow(LocalTime.of(hour, 59))).isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({"x", "1", "1-24", "-1-3", "1-2-3"})
  void badUploadHours(String text) {
    assertThatThrownBy(() -> UploadHours.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  private List<Path> staged() throws IOException {
    Path root = folder.resolve("uuid/rawstaging");
    if (!Files.exists(root)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private byte[] write(long id, int size) throws Exception {
    byte[] bytes = new byte[size];
    new Random(id).nextBytes(bytes);
    SliceWriter writer = store.newWriter();
    writer.assignId(id);
    writer.write(0, ByteBuffer.wrap(bytes));
    writer.finish().get();
    return bytes;
  }

  private byte[] read(long id, int size) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(size);
    while (into.hasRemaining()) {
      try (PageSlice piece = store.read(id, size, into.position(), into.remaining(), false)) {
        into.put(piece.buffer());
      }
    }
    return into.array();
  }
}
