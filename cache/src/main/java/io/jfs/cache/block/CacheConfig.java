package io.jfs.cache.block;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What a mount decides about its cache; the defaults are those of data format 3.1.
 *
 * @param folders one per {@code --cache-dir}, each with the volume's UUID appended; empty means
 *     memory
 * @param naming block names of the volume
 * @param capacityBytes {@code --cache-size}, over all folders; 0 disables the cache
 * @param maxBlocks {@code --cache-items}, over all folders; 0 for no limit but the disk's
 * @param freeSpaceRatio share of the disk (and its inodes) that stays free
 * @param fileMode permission bits of cached files
 * @param checksums how reads are checked
 * @param eviction what goes first
 * @param scanInterval how often the folder is read again; zero only at start, negative never
 * @param expireAfter blocks not used for so long are dropped; zero for never
 * @param maxStagingWrites {@code --max-stage-write}: blocks staged at once; 0 for no limit
 */
public record CacheConfig(
    List<Path> folders,
    BlockNaming naming,
    long capacityBytes,
    long maxBlocks,
    double freeSpaceRatio,
    int fileMode,
    ChecksumLevel checksums,
    Eviction eviction,
    Duration scanInterval,
    Duration expireAfter,
    int maxStagingWrites) {

  /** Checks and copies. */
  public CacheConfig {
    folders = List.copyOf(folders);
    if (freeSpaceRatio < 0 || freeSpaceRatio >= 1) {
      throw new IllegalArgumentException("free space ratio " + freeSpaceRatio);
    }
    if (!expireAfter.isZero() && expireAfter.compareTo(Duration.ofSeconds(1)) < 0) {
      expireAfter = Duration.ofSeconds(1);
    }
  }

  /** The defaults, for these folders. */
  public static CacheConfig defaults(List<Path> folders) {
    return new CacheConfig(
        folders,
        BlockNaming.PLAIN,
        100L << 30,
        0,
        0.1,
        0600,
        ChecksumLevel.EXTEND,
        Eviction.TWO_RANDOM,
        Duration.ofHours(1),
        Duration.ZERO,
        1000);
  }

  /** The same with another limit. */
  public CacheConfig withCapacity(long bytes, long blocks) {
    return new CacheConfig(
        folders,
        naming,
        bytes,
        blocks,
        freeSpaceRatio,
        fileMode,
        checksums,
        eviction,
        scanInterval,
        expireAfter,
        maxStagingWrites);
  }

  /** The same with another way to make room. */
  public CacheConfig withEviction(Eviction policy) {
    return new CacheConfig(
        folders,
        naming,
        capacityBytes,
        maxBlocks,
        freeSpaceRatio,
        fileMode,
        checksums,
        policy,
        scanInterval,
        expireAfter,
        maxStagingWrites);
  }

  /** The same with other checks. */
  public CacheConfig withChecksums(ChecksumLevel level) {
    return new CacheConfig(
        folders,
        naming,
        capacityBytes,
        maxBlocks,
        freeSpaceRatio,
        fileMode,
        level,
        eviction,
        scanInterval,
        expireAfter,
        maxStagingWrites);
  }

  /** The same for a volume with that naming. */
  public CacheConfig withNaming(BlockNaming blockNaming) {
    return new CacheConfig(
        folders,
        blockNaming,
        capacityBytes,
        maxBlocks,
        freeSpaceRatio,
        fileMode,
        checksums,
        eviction,
        scanInterval,
        expireAfter,
        maxStagingWrites);
  }

  /** Permission bits of folders: all wherever files may be read (0600 gives 0700). */
  int folderMode() {
    int readable = fileMode & 0444;
    return fileMode | readable >> 2 | readable >> 1;
  }
}
