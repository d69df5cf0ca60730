package io.jfs.chunk.slice;

import java.util.concurrent.atomic.LongAdder;

/**
 * Live counts of the slice store, for binding to a metrics registry.
 *
 * @param cacheHits block reads that the cache answered
 * @param cacheHitBytes bytes of those
 * @param cacheMisses block reads that went to the store
 * @param cacheMissBytes bytes of those
 * @param uploadRetries PUTs that had to be tried again
 * @param prefetchDrops prefetches dropped because the queue was full
 * @param stagedMillis how long staged blocks waited until they were uploaded
 */
public record SliceMetrics(
    LongAdder cacheHits,
    LongAdder cacheHitBytes,
    LongAdder cacheMisses,
    LongAdder cacheMissBytes,
    LongAdder uploadRetries,
    LongAdder prefetchDrops,
    LongAdder stagedMillis) {
  /** All zero. */
  public SliceMetrics() {
    this(
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder());
  }
}
