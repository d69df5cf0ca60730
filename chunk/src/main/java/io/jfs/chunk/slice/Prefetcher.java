package io.jfs.chunk.slice;

import io.jfs.cache.block.BlockCache;
import io.jfs.cache.block.BlockCache.Admission;
import io.jfs.cache.block.BlockKey;
import io.jfs.cache.page.MemoryBudget;
import io.jfs.cache.page.Page;
import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings blocks near before they are asked for, in two ways. Reading ahead of who reads in sequence
 * keeps many GETs in flight, as far as memory goes; how far ahead is the reader's matter ({@code
 * --max-readahead}). The rest of blocks of which a part was read comes in the background, few at a
 * time ({@code --prefetch}), into the cache. What goes beyond is dropped, and so is all while
 * memory is nearly used up: it is for those who wait.
 */
final class Prefetcher {
  private static final Logger log = LoggerFactory.getLogger(Prefetcher.class);
  private static final int MIN_QUEUED = 10;

  private final BlockFetcher fetcher;
  private final BlockCache cache;
  private final RecentBlocks recent;
  private final MemoryBudget budget;
  private final SliceMetrics metrics;
  private final Lane ahead;
  private final Lane rest;

  /** Blocks on their way, by the executor that fetches them. */
  private static final class Lane {
    private final Executor executor;
    private final ConcurrentHashMap.KeySetView<BlockKey, Boolean> queued =
        ConcurrentHashMap.newKeySet();
    private final AtomicLong queuedBytes = new AtomicLong();

    Lane(Executor executor) {
      this.executor = executor;
    }
  }

  /**
   * Works on two executors.
   *
   * @param readAheads fetches in sequence, many at a time
   * @param prefetches fetches the rest of blocks
   */
  Prefetcher(
      BlockFetcher fetcher,
      BlockCache cache,
      RecentBlocks recent,
      MemoryBudget budget,
      SliceMetrics metrics,
      Executor readAheads,
      Executor prefetches) {
    this.fetcher = fetcher;
    this.cache = cache;
    this.recent = recent;
    this.budget = budget;
    this.metrics = metrics;
    this.ahead = new Lane(readAheads);
    this.rest = new Lane(prefetches);
  }

  /** Asks for a block that will soon be read, without waiting. */
  void readAhead(BlockKey key) {
    if (isNear(key) || ahead.queued.contains(key)) {
      return;
    }
    long bytes = ahead.queuedBytes.get() + key.sizeBytes();
    boolean hasPlace = cache.isEnabled() || bytes <= recent.roomBytes();
    if (hasPlace && budget.usedBytes() + bytes <= memoryForOthersBytes()) {
      start(ahead, key, Admission.OPTIONAL);
    } else {
      metrics.prefetchDrops().increment();
    }
  }

  /**
   * Asks for a whole block of which a part was read, for the cache, without waiting.
   *
   * @param workers how many are fetched at a time; with 0 none is
   */
  void prefetch(BlockKey key, int workers) {
    if (workers == 0 || !cache.isEnabled() || isNear(key)) {
      return;
    }
    if (rest.queued.size() < Math.max(4 * workers, MIN_QUEUED)
        && budget.usedBytes() <= memoryForOthersBytes()) {
      start(rest, key, Admission.FORCED);
    } else {
      metrics.prefetchDrops().increment();
    }
  }

  private boolean isNear(BlockKey key) {
    return recent.contains(key) || cache.contains(key);
  }

  private long memoryForOthersBytes() {
    return budget.limitBytes() / 5 * 4;
  }

  private void start(Lane lane, BlockKey key, Admission admission) {
    if (!lane.queued.add(key)) {
      return;
    }
    lane.queuedBytes.addAndGet(key.sizeBytes());
    try {
      lane.executor.execute(() -> run(lane, key, admission));
    } catch (RejectedExecutionException e) {
      ended(lane, key); // the store is being closed
    }
  }

  private void run(Lane lane, BlockKey key, Admission admission) {
    try {
      if (!isNear(key)) {
        Page page = fetcher.fetch(key, admission);
        page.close();
      }
    } catch (IOException | RuntimeException e) {
      log.debug("prefetch of {} failed", key.baseName(), e);
    } finally {
      ended(lane, key);
    }
  }

  private static void ended(Lane lane, BlockKey key) {
    lane.queuedBytes.addAndGet(-key.sizeBytes());
    lane.queued.remove(key);
  }
}
