package io.jfs.cache.block;

import io.jfs.cache.page.MemoryBudget;
import io.jfs.cache.page.Page;
import io.jfs.cache.page.PagePool;
import io.jfs.cache.page.PageSlice;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Blocks in memory of their own, apart from the buffer budget ({@code --cache-dir memory}). What is
 * kept is a copy that takes no more than it needs.
 */
final class MemoryBlockCache implements BlockCache {
  private final PagePool pool;
  private final long capacityBytes;
  private final long maxBlocks;
  private final Eviction eviction;
  private final Duration expireAfter;
  private final InstantSource clock;
  private final CacheMetrics metrics;
  private final CacheIndex index = new CacheIndex();
  private final ConcurrentHashMap<BlockKey, Page> pages = new ConcurrentHashMap<>();

  MemoryBlockCache(CacheConfig config, InstantSource clock, CacheMetrics metrics) {
    this.capacityBytes = config.capacityBytes();
    this.maxBlocks = config.maxBlocks();
    this.eviction = config.eviction() == Eviction.LRU ? Eviction.TWO_RANDOM : config.eviction();
    this.expireAfter = config.expireAfter();
    this.pool = new PagePool(new MemoryBudget(capacityBytes));
    this.clock = clock;
    this.metrics = metrics;
  }

  @Override
  public boolean isEnabled() {
    return true;
  }

  @Override
  public @Nullable PageSlice read(BlockKey key, int off, int len) {
    PageSlice[] found = new PageSlice[1];
    // inside the map's lock for this key, so that nobody gives the page back meanwhile
    Page ignored =
        pages.computeIfPresent(
            key,
            (k, page) -> {
              found[0] = page.slice(off, len);
              return page;
            });
    if (found[0] != null) {
      index.use(key, nowSeconds());
      metrics.memoryHits().increment();
    }
    return found[0];
  }

  @Override
  public boolean contains(BlockKey key) {
    return pages.containsKey(key);
  }

  @Override
  public @Nullable String place(BlockKey key) {
    return contains(key) ? "memory" : null;
  }

  @Override
  public void put(BlockKey key, Page block, Admission admission) {
    if (pages.containsKey(key)) {
      return;
    }
    expire();
    Page copy = pool.tryTake(key.sizeBytes());
    if (copy == null) {
      makeRoom(key.sizeBytes());
      copy = pool.tryTake(key.sizeBytes());
    }
    if (copy == null) {
      metrics.drops().increment();
      return;
    }
    copy.buffer().put(block.buffer(0, key.sizeBytes()));
    if (pages.putIfAbsent(key, copy) != null) {
      copy.close();
      return;
    }
    index.put(key, new CachedBlock(key.sizeBytes(), false, nowSeconds()));
    if (maxBlocks > 0 && index.blockCount() > maxBlocks) {
      evict(index.victims(eviction, 0, index.blockCount() - maxBlocks));
    }
  }

  private void makeRoom(long bytes) {
    long tooMuch = pool.budget().usedBytes() + bytes - capacityBytes;
    evict(index.victims(eviction, tooMuch + capacityBytes / 20, 0));
  }

  private void expire() {
    if (!expireAfter.isZero()) {
      int oldest = (int) clock.instant().minus(expireAfter).getEpochSecond();
      index.unusedSince(oldest).forEach(this::remove);
    }
  }

  private void evict(List<BlockKey> victims) {
    for (BlockKey key : victims) {
      metrics.evictions().increment();
      metrics.evictionBytes().add(key.sizeBytes());
      remove(key);
    }
  }

  @Override
  public void remove(BlockKey key) {
    Page removed = pages.remove(key);
    if (removed != null) {
      CachedBlock ignored = index.remove(key);
      removed.close();
    }
  }

  @Override
  public @Nullable StagingArea staging() {
    return null;
  }

  @Override
  public long blockCount() {
    return pages.size();
  }

  @Override
  public long usedBytes() {
    return index.usedBytes();
  }

  @Override
  public long memoryBytes() {
    return usedBytes();
  }

  /** Pages lent by this cache's own pool; for tests. */
  long outstanding() {
    return pool.outstanding();
  }

  @Override
  public void close() {
    pages.keySet().forEach(this::remove);
    pool.trim();
    pool.trim();
  }

  private int nowSeconds() {
    return (int) clock.instant().getEpochSecond();
  }
}
