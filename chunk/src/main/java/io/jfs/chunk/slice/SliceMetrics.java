package io.jfs.chunk.slice;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

/**
 * Live counts of the slice store, for binding to a metrics registry.
 *
 * @param cacheHits block reads that the cache answered
 * @param cacheHitBytes bytes of those
 * @param cacheMisses block reads that went to the store
 * @param cacheMissBytes bytes of those
 * @param uploadRetries PUTs that had to be tried again
 * @param prefetchDrops prefetches dropped because the queue was full
 * @param cacheReadNanos told, on the thread that reads, how long the cache took to answer
 * @param fetchNanos told, on the thread that reads, how long it waited for the store
 * @param stagedMillis how long staged blocks waited until they were uploaded
 */
public record SliceMetrics(
    LongAdder cacheHits,
    LongAdder cacheHitBytes,
    LongAdder cacheMisses,
    LongAdder cacheMissBytes,
    LongAdder uploadRetries,
    LongAdder prefetchDrops,
    LongAdder stagedMillis,
    LongConsumer cacheReadNanos,
    LongConsumer fetchNanos) {
  /** All zero; nobody is told. */
  public SliceMetrics() {
    this(nanos -> {}, nanos -> {});
  }

  /** All zero. */
  public SliceMetrics(LongConsumer cacheReadNanos, LongConsumer fetchNanos) {
    this(
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        cacheReadNanos,
        fetchNanos);
  }
}
