package io.jfs.cache.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DiskBlockCacheTest extends BlockCacheContract {
  private static final int LONG = 300_000; // too long for the memory in front

  private final CacheMetrics metrics = new CacheMetrics();

  @TempDir Path folder;

  @Override
  BlockCache open(long capacityBytes) {
    return open(config().withCapacity(capacityBytes, 0));
  }

  private CacheConfig config() {
    return CacheConfig.defaults(List.of(folder.resolve("uuid")));
  }

  private BlockCache open(CacheConfig config) {
    DiskSpace plenty = path -> new DiskSpace.Fill(1L << 40, 1L << 40, 0, 0);
    return BlockCaches.open(config, pool, plenty, Clock.systemUTC(), metrics);
  }

  private void reopen(CacheConfig config) {
    cache.close();
    cache = open(config);
  }

  private Path raw(BlockKey key) {
    return folder.resolve("uuid/raw").resolve(BlockNaming.PLAIN.name(key));
  }

  @Test
  void filesLieWhereTheReferencePutsThem() throws IOException {
    BlockKey key = new BlockKey(1, 0, 10);
    putBytes(key, "0123456789".getBytes(StandardCharsets.US_ASCII));
    settle(1);
    cache.close();
    assertThat(Files.readAllBytes(raw(key)))
        .isEqualTo(HexFormat.of().parseHex("30313233343536373839280c069e"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(raw(key))))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(raw(key).getParent())))
        .isEqualTo("rwx------");
    assertThat(Files.readString(folder.resolve("uuid/.lock"))).hasSize(36);
    assertThat(folder.resolve("uuid/raw/chunks/0/0/1_0_10")).exists();
  }

  @ParameterizedTest
  @CsvSource({
    "100000, bc43baadbc43baadbc43baad7e02e53a",
    "46, b117b74c",
    "3, 364b3fb7",
  })
  void checksumsOfTheReference(int length, String trailer) {
    byte[] bytes =
        switch (length) {
          case 46 ->
              "Hello JuiceFS, hello hello hello hello hello!\n".getBytes(StandardCharsets.US_ASCII);
          case 3 -> "abc".getBytes(StandardCharsets.US_ASCII);
          default -> new byte[length];
        };
    ByteBuffer found = SegmentChecksums.trailer(ByteBuffer.wrap(bytes));
    assertThat(HexFormat.of().formatHex(found.array())).isEqualTo(trailer);
  }

  @Test
  void aFolderIsFoundAgain() {
    BlockKey key = new BlockKey(7, 1, LONG);
    byte[] bytes = put(key);
    reopen(config());
    assertThat(read(key, 0, LONG)).isEqualTo(bytes); // maybe before the scan
    settle(1);
    assertThat(read(key, 5, 10)).isEqualTo(Arrays.copyOfRange(bytes, 5, 15));
    assertThat(cache.usedBytes()).isEqualTo(LONG + 4096);
  }

  @ParameterizedTest
  @EnumSource(ChecksumLevel.class)
  void everyLevelReadsFilesOfEveryOther(ChecksumLevel level) {
    BlockKey with = new BlockKey(1, 0, LONG);
    BlockKey without = new BlockKey(2, 0, LONG);
    put(with);
    reopen(config().withChecksums(ChecksumLevel.NONE));
    put(without);
    reopen(config().withChecksums(level));
    for (BlockKey key : List.of(with, without)) {
      for (int off : new int[] {0, 1, 32768, 40000, 299_999}) {
        int len = Math.min(50_000, LONG - off);
        assertThat(read(key, off, len)).isEqualTo(Arrays.copyOfRange(bytes(key), off, off + len));
      }
    }
  }

  @Test
  void aFlippedBitIsAMissAndTheFileGoes() throws IOException {
    BlockKey key = new BlockKey(1, 0, LONG);
    byte[] expected = put(key);
    settle(1);
    assertThat(read(key, 100, 10)).isEqualTo(Arrays.copyOfRange(expected, 100, 110));
    byte[] file = Files.readAllBytes(raw(key));
    file[200_000] ^= 4;
    Files.write(raw(key), file);
    assertThat(read(key, 100, 10)).isEqualTo(Arrays.copyOfRange(expected, 100, 110));
    assertThat(read(key, 199_000, 10)).isNull();
    assertThat(raw(key)).doesNotExist();
    assertThat(metrics.damagedFiles().sum()).isEqualTo(1);
    assertThat(cache.contains(key)).isFalse();
    put(key);
    settle(1);
    assertThat(read(key, 199_000, 10)).isEqualTo(Arrays.copyOfRange(expected, 199_000, 199_010));
  }

  @Test
  void aFlippedBitInASmallBlockIsAMissAfterARestart() throws IOException {
    BlockKey key = new BlockKey(1, 0, 1000);
    put(key);
    cache.close();
    byte[] file = Files.readAllBytes(raw(key));
    file[999] ^= 1;
    Files.write(raw(key), file);
    cache = open(config());
    assertThat(read(key, 0, 10)).isNull();
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "299999", "300001", "300004", "300003"})
  void aFileOfWrongLengthGivesNoWrongByte(int length) throws IOException {
    BlockKey key = new BlockKey(1, 0, LONG);
    byte[] expected = put(key);
    cache.close();
    byte[] file = Files.readAllBytes(raw(key));
    Files.write(raw(key), Arrays.copyOf(file, length));
    cache = open(config());
    byte[] found = read(key, 0, LONG);
    if (found != null) {
      assertThat(found).isEqualTo(expected); // not a multiple of 4 more: a footer, no checksum
    }
  }

  @Test
  void aFileTruncatedWhileItIsOpenIsAMiss() throws IOException {
    BlockKey key = new BlockKey(1, 0, LONG);
    put(key);
    settle(1);
    assertThat(read(key, 0, 10)).isNotNull();
    Files.write(raw(key), new byte[100]);
    assertThat(read(key, 200_000, 10)).isNull();
  }

  @Test
  void aFileThatSomebodyElseRemovedIsAMiss() throws IOException {
    BlockKey key = new BlockKey(1, 0, LONG);
    put(key);
    settle(1);
    Files.delete(raw(key));
    assertThat(read(key, 0, 10)).isNull();
    assertThat(cache.contains(key)).isFalse();
  }

  @Test
  void aRemovedFolderIsMadeAgain() throws IOException {
    put(new BlockKey(1, 0, LONG));
    settle(1);
    removeTree(folder.resolve("uuid"));
    assertThat(read(new BlockKey(1, 0, LONG), 0, 10)).isNull();
    put(new BlockKey(2, 0, LONG));
    settle(1);
    assertThat(read(new BlockKey(2, 0, LONG), 0, 10)).isNotNull();
  }

  @Test
  void whatWasInARemovedFolderIsCachedAgain() throws IOException {
    cache.close();
    AtomicLong aheadSeconds = new AtomicLong();
    InstantSource clock = () -> Instant.now().plusSeconds(aheadSeconds.get());
    DiskSpace plenty = path -> new DiskSpace.Fill(1L << 40, 1L << 40, 0, 0);
    cache = BlockCaches.open(config(), pool, plenty, clock, metrics);
    BlockKey key = new BlockKey(1, 0, LONG);
    byte[] bytes = put(key);
    settle(1);
    assertThat(read(key, 0, LONG)).isEqualTo(bytes); // so that the file is open
    removeTree(folder.resolve("uuid"));
    aheadSeconds.set(60);
    while (cache.contains(key)) {
      Thread.onSpinWait();
    }
    put(key);
    settle(1);
    assertThat(raw(key)).exists();
    assertThat(read(key, 0, LONG)).isEqualTo(bytes);
  }

  @Test
  void leftoversAreTidiedUp() throws IOException {
    cache.close();
    Path old = folder.resolve("uuid/raw/chunks/0/0/9_0_5.tmp");
    Path fresh = folder.resolve("uuid/raw/chunks/0/0/8_0_5.tmp");
    Path empty = folder.resolve("uuid/raw/chunks/3/3");
    Files.createDirectories(old.getParent());
    Files.createDirectories(empty);
    Files.write(old, new byte[3]);
    Files.write(fresh, new byte[3]);
    FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
    Files.setLastModifiedTime(old, longAgo);
    Files.setLastModifiedTime(empty, longAgo);
    cache = open(config());
    while (Files.exists(empty) || Files.exists(old)) {
      Thread.onSpinWait();
    }
    assertThat(fresh).exists();
  }

  @Test
  void evictionByAge() {
    reopen(config().withEviction(Eviction.LRU).withCapacity(0, 0));
    assertThat(cache.isEnabled()).isFalse();
    CacheIndex index = new CacheIndex();
    for (int i = 1; i <= 100; i++) {
      index.put(new BlockKey(i, 0, 1000), new CachedBlock(1000, i == 1, i));
    }
    assertThat(index.victims(Eviction.LRU, 3 * 5096, 0))
        .extracting(BlockKey::id)
        .containsExactly(2L, 3L, 4L);
    List<BlockKey> pairs = index.victims(Eviction.TWO_RANDOM, 0, 40);
    assertThat(pairs).hasSize(40).doesNotHaveDuplicates().doesNotContain(new BlockKey(1, 0, 1000));
    assertThat(index.victims(Eviction.TWO_RANDOM, Long.MAX_VALUE, 0)).hasSize(99);
    assertThat(index.victims(Eviction.NONE, 100, 0)).isEmpty();
  }

  @Test
  void withoutEvictionAFullCacheTakesNoMore() {
    reopen(config().withEviction(Eviction.NONE).withCapacity(2 * (LONG + 4096), 0));
    for (int i = 1; i <= 5; i++) {
      put(new BlockKey(i, 0, LONG));
      settle(Math.min(i, 2));
    }
    cache.close();
    assertThat(cache.blockCount()).isLessThanOrEqualTo(3);
    assertThat(cache.contains(new BlockKey(1, 0, LONG))).isTrue();
  }

  @Test
  void aFullDiskIsNoError() throws Exception {
    cache.close();
    Path mount = Files.createDirectory(folder.resolve("small"));
    boolean mounted =
        new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", mount.toString())
                .start()
                .waitFor()
            == 0;
    Assumptions.assumeTrue(mounted, "needs the right to mount");
    try {
      cache = open(CacheConfig.defaults(List.of(mount)));
      for (int i = 0; i < 20; i++) {
        BlockKey key = new BlockKey(i, 0, LONG);
        put(key);
        byte[] found = read(key, 0, LONG);
        if (found != null) {
          assertThat(found).isEqualTo(bytes(key));
        }
      }
    } finally {
      cache.close();
      new ProcessBuilder("umount", mount.toString()).start().waitFor();
    }
  }

  @Test
  void severalFoldersShareTheBlocks() throws IOException {
    List<Path> three = Stream.of("a", "b", "c").map(folder::resolve).toList();
    CacheConfig config = CacheConfig.defaults(three);
    reopen(config);
    for (int i = 1; i <= 60; i++) {
      put(new BlockKey(i, 0, 1000));
    }
    cache.close();
    for (Path one : three) {
      try (Stream<Path> files = Files.walk(one.resolve("raw"))) {
        assertThat(files.filter(Files::isRegularFile).count()).isBetween(5L, 40L);
      }
    }
    // Moved folders keep their share.
    Files.move(folder.resolve("c"), folder.resolve("z"));
    cache = open(CacheConfig.defaults(Stream.of("z", "a", "b").map(folder::resolve).toList()));
    for (int i = 1; i <= 60; i++) {
      assertThat(read(new BlockKey(i, 0, 1000), 0, 1000))
          .isEqualTo(bytes(new BlockKey(i, 0, 1000)));
    }
  }

  @Test
  void placesOfOlderClientsAreFound() throws IOException {
    List<Path> two = Stream.of("a", "b").map(folder::resolve).toList();
    cache.close();
    BlockKey key = new BlockKey(5, 0, 1000);
    String name = BlockNaming.PLAIN.name(key);
    int place = Integer.remainderUnsigned(Hashes.fnv1(name), 2);
    Path file = two.get(place).resolve("raw").resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes(key));
    cache = open(CacheConfig.defaults(two));
    assertThat(read(key, 0, 1000)).isEqualTo(bytes(key));
  }

  @Test
  void anUnusableFolderIsDoneWithout() throws IOException {
    cache.close();
    Files.write(folder.resolve("file"), new byte[0]);
    cache = open(CacheConfig.defaults(List.of(folder.resolve("file/uuid"))));
    BlockKey key = new BlockKey(1, 0, 1000);
    put(key);
    assertThat(read(key, 0, 1000)).isEqualTo(bytes(key));
  }

  @Test
  void anInterruptedReaderDoesNotSpoilTheFileForOthers() {
    BlockKey key = new BlockKey(1, 0, LONG);
    byte[] bytes = put(key);
    settle(1);
    assertThat(read(key, 0, 10)).isNotNull();
    Thread.currentThread().interrupt();
    assertThat(read(key, 10, 10)).isEqualTo(Arrays.copyOfRange(bytes, 10, 20));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(read(key, 0, 10)).isNotNull();
  }

  private void putBytes(BlockKey key, byte[] bytes) {
    try (io.jfs.cache.page.Page page = pool.take(bytes.length)) {
      page.buffer().put(bytes);
      cache.put(key, page, BlockCache.Admission.FORCED);
    }
  }

  private static void removeTree(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
