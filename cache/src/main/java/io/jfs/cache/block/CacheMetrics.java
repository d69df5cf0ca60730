package io.jfs.cache.block;

import java.util.concurrent.atomic.LongAdder;

/**
 * Live counts of the cache, for binding to a metrics registry.
 *
 * @param memoryHits reads that memory answered
 * @param diskHits reads that a disk answered
 * @param writes blocks written to disk
 * @param writeBytes bytes of those
 * @param drops blocks not kept because the cache was busy, full or ill
 * @param evictions blocks that had to go
 * @param evictionBytes bytes of those
 * @param damagedFiles files that did not hold what they should
 * @param diskErrors reads and writes that a disk refused
 */
public record CacheMetrics(
    LongAdder memoryHits,
    LongAdder diskHits,
    LongAdder writes,
    LongAdder writeBytes,
    LongAdder drops,
    LongAdder evictions,
    LongAdder evictionBytes,
    LongAdder damagedFiles,
    LongAdder diskErrors) {
  /** All zero. */
  public CacheMetrics() {
    this(
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder());
  }
}
