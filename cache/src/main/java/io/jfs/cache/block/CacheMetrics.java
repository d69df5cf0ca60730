package io.jfs.cache.block;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

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
 * @param stagingWrites blocks that are being staged now
 * @param stagedWriteBytes bytes of blocks that were staged
 * @param stagingErrors blocks that could not be staged because of a disk
 * @param diskReadNanos told how long each read took that a disk answered
 * @param diskWriteNanos told how long writing each block to disk took
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
    LongAdder diskErrors,
    LongAdder stagingWrites,
    LongAdder stagedWriteBytes,
    LongAdder stagingErrors,
    LongConsumer diskReadNanos,
    LongConsumer diskWriteNanos) {
  /** All zero; nobody is told. */
  public CacheMetrics() {
    this(nanos -> {}, nanos -> {});
  }

  /** All zero. */
  public CacheMetrics(LongConsumer diskReadNanos, LongConsumer diskWriteNanos) {
    this(
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        diskReadNanos,
        diskWriteNanos);
  }
}
