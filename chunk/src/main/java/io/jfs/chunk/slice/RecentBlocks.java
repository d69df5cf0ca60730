package io.jfs.chunk.slice;

import io.jfs.cache.block.BlockKey;
import io.jfs.cache.page.MemoryBudget;
import io.jfs.cache.page.Page;
import io.jfs.cache.page.PageSlice;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Blocks that were just fetched, in memory that nobody else needs right now: what reading ahead has
 * brought stays here until it is read, and a block that is read piece by piece is fetched once,
 * cache or not. Counts against the buffer budget; given back when that is short, or after a while
 * without use. Thread safe.
 */
final class RecentBlocks implements MemoryBudget.Reclaimer {
  private static final class Kept {
    private final Page page;
    private volatile long lastUse;
    private volatile boolean isRead;
    private boolean closed; // guarded by this

    Kept(Page page, long now) {
      this.page = page;
      this.lastUse = now;
    }

    synchronized @Nullable PageSlice slice(int off, int len) {
      return closed ? null : page.slice(off, len);
    }

    synchronized @Nullable Page share() {
      return closed ? null : page.retain();
    }

    /** Whether this call closed it. */
    synchronized boolean close() {
      if (closed) {
        return false;
      }
      closed = true;
      page.close();
      return true;
    }
  }

  private final long maxBytes;
  private final ConcurrentHashMap<BlockKey, Kept> blocks = new ConcurrentHashMap<>();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong uses = new AtomicLong(); // a clock that counts
  private volatile long usesAtSweep;

  /** At most {@code maxBytes} at a time. */
  RecentBlocks(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Part of a block; null if it is not here. */
  @Nullable PageSlice read(BlockKey key, int off, int len) {
    Kept found = blocks.get(key);
    if (found == null) {
      return null;
    }
    found.lastUse = uses.incrementAndGet();
    found.isRead |= off + len == key.sizeBytes();
    return found.slice(off, len);
  }

  /** A share of a whole block, which the caller owns; null if it is not here. */
  @Nullable Page share(BlockKey key) {
    Kept found = blocks.get(key);
    return found == null ? null : found.share();
  }

  boolean contains(BlockKey key) {
    return blocks.containsKey(key);
  }

  /** Number of bytes that may be fetched ahead without driving out what waits to be read. */
  long roomBytes() {
    long unread = 0;
    for (Kept kept : blocks.values()) {
      unread += kept.isRead ? 0 : kept.page.lengthBytes();
    }
    return maxBytes - unread;
  }

  /** Takes a share of the page. */
  void put(BlockKey key, Page page) {
    if (page.lengthBytes() > maxBytes) {
      return;
    }
    Kept kept = new Kept(page.retain(), uses.incrementAndGet());
    if (blocks.putIfAbsent(key, kept) != null) {
      boolean ignored = kept.close();
      return;
    }
    if (bytes.addAndGet(page.lengthBytes()) > maxBytes) {
      reclaim(bytes.get() - maxBytes);
    }
  }

  void remove(BlockKey key) {
    Kept found = blocks.get(key);
    if (found != null) {
      drop(key, found);
    }
  }

  /** Those that were read to their end go first, then the least recently used ones. */
  @Override
  public void reclaim(long wanted) {
    long missing = wanted;
    for (Map.Entry<BlockKey, Kept> next : byUse()) {
      if (missing <= 0) {
        return;
      }
      missing -= next.getValue().page.lengthBytes();
      drop(next.getKey(), next.getValue());
    }
  }

  private List<Map.Entry<BlockKey, Kept>> byUse() {
    record Aged(Map.Entry<BlockKey, Kept> entry, boolean isRead, long lastUse) {}
    return blocks.entrySet().stream()
        .map(e -> new Aged(e, e.getValue().isRead, e.getValue().lastUse))
        .sorted(Comparator.comparing((Aged a) -> !a.isRead).thenComparingLong(Aged::lastUse))
        .map(Aged::entry)
        .toList();
  }

  /** Drops what was not used since the last sweep. */
  void sweep() {
    long since = usesAtSweep;
    usesAtSweep = uses.incrementAndGet();
    blocks.forEach(
        (key, kept) -> {
          if (kept.lastUse < since) {
            drop(key, kept);
          }
        });
  }

  private void drop(BlockKey key, Kept kept) {
    if (blocks.remove(key, kept) && kept.close()) {
      bytes.addAndGet(-kept.page.lengthBytes());
    }
  }
}
