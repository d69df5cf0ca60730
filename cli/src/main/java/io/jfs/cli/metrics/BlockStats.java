package io.jfs.cli.metrics;

import static io.jfs.vfs.stats.Metric.counter;
import static io.jfs.vfs.stats.Metric.gauge;
import static io.jfs.vfs.stats.Metric.histogram;

import io.jfs.cache.block.BlockCache;
import io.jfs.cache.block.CacheMetrics;
import io.jfs.cache.block.StagingArea;
import io.jfs.cache.page.MemoryBudget;
import io.jfs.chunk.slice.SliceMetrics;
import io.jfs.vfs.stats.Histogram;
import io.jfs.vfs.stats.Metric;
import io.jfs.vfs.stats.StatsSource;
import io.jfs.vfs.stats.Waits;

/** Blocks in memory and on disk: the cache, the staging area, the memory for data. */
public final class BlockStats {
  private static final Metric HITS = counter("blockcache_hits", "Blocks read from the cache.");
  private static final Metric HIT_BYTES =
      counter("blockcache_hit_bytes", "Bytes read from the cache.");
  private static final Metric MEMORY_HITS =
      counter("blockcache_memory_hits", "Blocks read from the cache in memory.");
  private static final Metric DISK_HITS =
      counter("blockcache_disk_hits", "Blocks read from the cache on disk.");
  private static final Metric MISSES =
      counter("blockcache_miss", "Blocks that the cache did not have.");
  private static final Metric MISS_BYTES =
      counter("blockcache_miss_bytes", "Bytes that the cache did not have.");
  private static final Metric WRITES =
      counter("blockcache_writes", "Blocks written to the cache on disk.");
  private static final Metric WRITE_BYTES =
      counter("blockcache_write_bytes", "Bytes written to the cache on disk.");
  private static final Metric DROPS =
      counter("blockcache_drops", "Blocks that the cache did not take.");
  private static final Metric EVICTS =
      counter("blockcache_evicts", "Blocks that the cache gave up.");
  private static final Metric DAMAGED =
      counter("blockcache_damaged_files", "Cached files that did not hold what they should.");
  private static final Metric DISK_ERRORS =
      counter("blockcache_disk_errors", "Reads and writes that a cache disk refused.");
  private static final Metric BLOCKS = gauge("blockcache_blocks", "Cached blocks.");
  private static final Metric BYTES = gauge("blockcache_bytes", "Bytes of cached blocks.");
  private static final Metric READ =
      histogram("blockcache_read_hist_seconds", "Latency of reads from the cache on disk.");
  private static final Metric WRITE =
      histogram("blockcache_write_hist_seconds", "Latency of writes to the cache on disk.");
  private static final Metric RETRIES =
      counter("object_upload_retries", "Uploads that were tried again.");
  private static final Metric PREFETCH_DROPS =
      counter("prefetch_drops", "Prefetches given up because too many were asked for.");
  private static final Metric STAGED = gauge("staging_blocks", "Blocks that wait for upload.");
  private static final Metric STAGED_BYTES =
      gauge("staging_block_bytes", "Bytes that wait for upload.");
  private static final Metric STAGING = gauge("staging_writing_blocks", "Blocks being staged.");
  private static final Metric STAGED_WRITES =
      counter("staging_write_bytes", "Bytes of blocks that were staged.");
  private static final Metric STAGED_SECONDS =
      counter("staging_block_delay_seconds", "How long uploaded blocks had been staged.");
  private static final Metric STAGING_ERRORS =
      counter("staging_block_errors", "Blocks that could not be staged.");
  private static final Metric CACHE_MEMORY =
      gauge("store_cache_size_bytes", "Memory for data in use by the cache, in bytes.");
  private static final Metric BUFFERED =
      gauge("used_buffer_size_bytes", "Memory for data in use, in bytes.");
  private static final Metric BUFFER_LIMIT =
      gauge("buffer_size_limit_bytes", "Memory for data that may be used, in bytes.");

  private final Histogram diskReads = Histogram.seconds(1e-5, 2, 20);
  private final Histogram diskWrites = Histogram.seconds(1e-5, 2, 20);
  private final CacheMetrics cacheCounts =
      new CacheMetrics(diskReads::observe, diskWrites::observe);
  private final SliceMetrics sliceCounts =
      new SliceMetrics(
          nanos -> Waits.current().add(Waits.Kind.CACHE, nanos),
          nanos -> Waits.current().add(Waits.Kind.OBJECT, nanos));

  /** Where the cache counts. */
  public CacheMetrics cacheCounts() {
    return cacheCounts;
  }

  /** Where the slice store counts. */
  public SliceMetrics sliceCounts() {
    return sliceCounts;
  }

  /** What was counted, and how full {@code cache} and {@code budget} are. */
  public StatsSource source(BlockCache cache, MemoryBudget budget) {
    return sink -> {
      collectCounts(sink);
      sink.count(BLOCKS, cache.blockCount());
      sink.count(BYTES, cache.usedBytes());
      StagingArea staging = cache.staging();
      sink.count(STAGED, staging == null ? 0 : staging.stagedBlocks());
      sink.count(STAGED_BYTES, staging == null ? 0 : staging.stagedBytes());
      sink.count(CACHE_MEMORY, cache.memoryBytes());
      sink.count(BUFFERED, budget.usedBytes());
      sink.count(BUFFER_LIMIT, budget.limitBytes());
    };
  }

  private void collectCounts(StatsSource.Sink sink) {
    sink.count(HITS, sliceCounts.cacheHits().sum());
    sink.count(HIT_BYTES, sliceCounts.cacheHitBytes().sum());
    sink.count(MISSES, sliceCounts.cacheMisses().sum());
    sink.count(MISS_BYTES, sliceCounts.cacheMissBytes().sum());
    sink.count(RETRIES, sliceCounts.uploadRetries().sum());
    sink.value(STAGED_SECONDS, sliceCounts.stagedMillis().sum() / 1e3);
    sink.count(STAGING, cacheCounts.stagingWrites().sum());
    sink.count(STAGED_WRITES, cacheCounts.stagedWriteBytes().sum());
    sink.count(STAGING_ERRORS, cacheCounts.stagingErrors().sum());
    sink.count(PREFETCH_DROPS, sliceCounts.prefetchDrops().sum());
    sink.count(MEMORY_HITS, cacheCounts.memoryHits().sum());
    sink.count(DISK_HITS, cacheCounts.diskHits().sum());
    sink.count(WRITES, cacheCounts.writes().sum());
    sink.count(WRITE_BYTES, cacheCounts.writeBytes().sum());
    sink.count(DROPS, cacheCounts.drops().sum());
    sink.count(EVICTS, cacheCounts.evictions().sum());
    sink.count(DAMAGED, cacheCounts.damagedFiles().sum());
    sink.count(DISK_ERRORS, cacheCounts.diskErrors().sum());
    sink.histogram(READ, diskReads.observed());
    sink.histogram(WRITE, diskWrites.observed());
  }
}
