package io.jfs.cache.block;

import io.jfs.cache.page.MemoryBudget;
import io.jfs.cache.page.Page;
import io.jfs.cache.page.PageSlice;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Cache folders with a little memory in front. */
final class TieredBlockCache implements BlockCache {
  private static final Logger log = LoggerFactory.getLogger(TieredBlockCache.class);
  private static final long TICK_SECONDS = 1;
  private static final long SWEEP_SECONDS = 60;

  private final MemoryTier memory;
  private final List<DiskCache> disks;
  private final List<DiskCache> disksByPath;
  private final HashRing ring;
  private final BlockNaming naming;
  private final MemoryBudget budget;
  private final CacheMetrics metrics;
  private final ScheduledExecutorService housekeeping;

  /**
   * Takes over the disks.
   *
   * @param ids of the folders, in the order of the disks
   */
  TieredBlockCache(
      MemoryTier memory,
      List<DiskCache> disks,
      List<String> ids,
      BlockNaming naming,
      MemoryBudget budget,
      CacheMetrics metrics) {
    this.memory = memory;
    this.disks = List.copyOf(disks);
    this.disksByPath =
        disks.stream().sorted(Comparator.comparing(disk -> disk.root().toString())).toList();
    this.ring = HashRing.of(ids);
    this.naming = naming;
    this.budget = budget;
    this.metrics = metrics;
    this.housekeeping =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "cache-housekeeping");
              thread.setDaemon(true);
              return thread;
            });
    budget.addReclaimer(memory);
    disks.forEach(disk -> budget.addReclaimer(disk.reclaimer()));
    for (DiskCache disk : disks) {
      schedule(disk.keeper()::tick, TICK_SECONDS);
      schedule(disk::sweep, SWEEP_SECONDS);
    }
    schedule(memory::sweep, SWEEP_SECONDS);
  }

  private void schedule(Runnable task, long seconds) {
    Runnable guarded =
        () -> {
          try {
            task.run();
          } catch (RuntimeException e) {
            log.warn("cache housekeeping failed", e); // and goes on next time
          }
        };
    Object ignored =
        housekeeping.scheduleWithFixedDelay(guarded, 0, seconds * 1000, TimeUnit.MILLISECONDS);
  }

  @Override
  public boolean isEnabled() {
    return true;
  }

  @Override
  public @Nullable PageSlice read(BlockKey key, int off, int len) {
    PageSlice found = memory.read(key, off, len);
    if (found != null) {
      metrics.memoryHits().increment();
      return found;
    }
    DiskCache disk = diskOf(key);
    found = disk.read(key, off, len);
    DiskCache legacy = found == null ? legacyDiskOf(key) : disk;
    return legacy == disk ? found : legacy.read(key, off, len);
  }

  @Override
  public boolean contains(BlockKey key) {
    return memory.contains(key) || diskOf(key).contains(key) || legacyDiskOf(key).contains(key);
  }

  @Override
  public @Nullable String place(BlockKey key) {
    for (DiskCache disk : List.of(diskOf(key), legacyDiskOf(key))) {
      if (disk.contains(key)) {
        return disk.folder() + "/";
      }
    }
    return memory.contains(key) ? "memory" : null;
  }

  @Override
  public void put(BlockKey key, Page block, Admission admission) {
    memory.put(key, block);
    diskOf(key).put(key, block, admission);
  }

  @Override
  public void remove(BlockKey key) {
    memory.remove(key);
    DiskCache disk = diskOf(key);
    disk.remove(key);
    DiskCache legacy = legacyDiskOf(key);
    if (legacy != disk) {
      legacy.remove(key);
    }
  }

  @Override
  public StagingArea staging() {
    return new TieredStaging(disks, this::diskOf);
  }

  @Override
  public long blockCount() {
    return disks.stream().mapToLong(disk -> disk.index().blockCount()).sum();
  }

  @Override
  public long usedBytes() {
    return disks.stream().mapToLong(disk -> disk.index().usedBytes()).sum();
  }

  @Override
  public long memoryBytes() {
    return memory.usedBytes() + disks.stream().mapToLong(DiskCache::queuedBytes).sum();
  }

  @Override
  public void close() {
    disks.forEach(disk -> disk.keeper().stop());
    housekeeping.shutdown();
    try {
      if (!housekeeping.awaitTermination(10, TimeUnit.SECONDS)) {
        log.warn("cache housekeeping does not end, leaving it");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    disks.forEach(DiskCache::close);
    disks.forEach(disk -> budget.removeReclaimer(disk.reclaimer()));
    budget.removeReclaimer(memory);
    memory.reclaim(Long.MAX_VALUE);
  }

  private DiskCache diskOf(BlockKey key) {
    return disks.size() == 1 ? disks.get(0) : disks.get(ring.find(naming.name(key)));
  }

  /** Where older clients put it. */
  private DiskCache legacyDiskOf(BlockKey key) {
    if (disks.size() == 1) {
      return disks.get(0);
    }
    int hash = Hashes.fnv1(naming.name(key));
    return disksByPath.get(Integer.remainderUnsigned(hash, disks.size()));
  }
}
