package io.jfs.cache.block;

import io.jfs.cache.page.PagePool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the cache that a mount asked for. */
public final class BlockCaches {
  private static final Logger log = LoggerFactory.getLogger(BlockCaches.class);

  private BlockCaches() {}

  /**
   * Opens the cache. Folders that cannot be used are left out with a warning; if none is left the
   * cache keeps blocks in memory, 100 MiB of them.
   *
   * @param pool lends what is read and holds what waits to be written
   */
  public static BlockCache open(
      CacheConfig config,
      PagePool pool,
      DiskSpace space,
      InstantSource clock,
      CacheMetrics metrics) {
    if (config.capacityBytes() <= 0) {
      return BlockCache.NONE;
    }
    if (config.folders().isEmpty()) {
      return new MemoryBlockCache(config, clock, metrics);
    }
    return openDisks(config, pool, space, clock, metrics);
  }

  private static BlockCache openDisks(
      CacheConfig config,
      PagePool pool,
      DiskSpace space,
      InstantSource clock,
      CacheMetrics metrics) {
    MemoryTier memory = new MemoryTier(pool.budget().limitBytes() / 10);
    DiskLimits limits = limitsPerFolder(config, pool, space);
    List<DiskCache> disks = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    for (Path path : config.folders()) {
      CacheFolder folder =
          new CacheFolder(path, config.naming(), config.fileMode(), config.folderMode());
      DiskCache disk =
          new DiskCache(folder, limits, config.checksums(), pool, memory, clock, metrics);
      try {
        ids.add(disk.keeper().start());
        disks.add(disk);
      } catch (IOException e) {
        log.warn("cannot use cache folder {}: {}", path, e.toString());
        disk.close();
      }
    }
    if (disks.isEmpty()) {
      log.warn("no cache folder can be used, caching in memory");
      long bytes = Math.min(config.capacityBytes(), 100 << 20);
      return new MemoryBlockCache(config.withCapacity(bytes, 0), clock, metrics);
    }
    return new TieredBlockCache(memory, disks, ids, config.naming(), pool.budget(), metrics);
  }

  private static DiskLimits limitsPerFolder(CacheConfig config, PagePool pool, DiskSpace space) {
    int folders = config.folders().size();
    return new DiskLimits(
        config.capacityBytes() / folders,
        config.maxBlocks() / folders,
        config.freeSpaceRatio(),
        config.eviction(),
        config.scanInterval(),
        config.expireAfter(),
        pool.budget().limitBytes() / 5 / folders,
        config.maxStagingWrites() <= 0 ? Integer.MAX_VALUE : config.maxStagingWrites(),
        space);
  }
}
