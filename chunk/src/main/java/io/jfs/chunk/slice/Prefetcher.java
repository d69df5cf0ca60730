package io.jfs.chunk.slice;

import io.jfs.cache.block.BlockCache;
import io.jfs.cache.block.BlockCache.Admission;
import io.jfs.cache.block.BlockKey;
import io.jfs.cache.page.MemoryBudget;
import io.jfs.cache.page.Page;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings blocks into the cache before they are asked for. A bounded number may wait; what comes
 * beyond is dropped. Also dropped is all while memory is nearly used up: it is for those who wait.
 */
final class Prefetcher {
  private static final Logger log = LoggerFactory.getLogger(Prefetcher.class);
  private static final int MIN_QUEUED = 10;

  private final BlockFetcher fetcher;
  private final BlockCache cache;
  private final MemoryBudget budget;
  private final SliceMetrics metrics;
  private final Executor executor;
  private final int maxQueued;
  private final Set<BlockKey> queued = ConcurrentHashMap.newKeySet();

  /**
   * Works on {@code executor}.
   *
   * @param workers its threads; with 0 everything is dropped
   */
  Prefetcher(
      BlockFetcher fetcher,
      BlockCache cache,
      MemoryBudget budget,
      SliceMetrics metrics,
      Executor executor,
      int workers) {
    this.fetcher = fetcher;
    this.cache = cache;
    this.budget = budget;
    this.metrics = metrics;
    this.executor = executor;
    this.maxQueued = workers == 0 ? 0 : Math.max(4 * workers, MIN_QUEUED);
  }

  /** Asks for a block, without waiting. */
  void submit(BlockKey key) {
    if (maxQueued == 0 || !cache.isEnabled() || cache.contains(key)) {
      return;
    }
    if (queued.size() >= maxQueued || isMemoryShort()) {
      metrics.prefetchDrops().increment();
      return;
    }
    if (queued.add(key)) {
      try {
        executor.execute(() -> run(key));
      } catch (RejectedExecutionException e) {
        queued.remove(key); // the store is being closed
      }
    }
  }

  private boolean isMemoryShort() {
    return budget.usedBytes() > budget.limitBytes() / 5 * 4;
  }

  private void run(BlockKey key) {
    try {
      if (!cache.contains(key)) {
        Page page = fetcher.fetch(key, Admission.FORCED);
        page.close();
      }
    } catch (IOException | RuntimeException e) {
      log.debug("prefetch of {} failed", key.baseName(), e);
    } finally {
      queued.remove(key);
    }
  }
}
