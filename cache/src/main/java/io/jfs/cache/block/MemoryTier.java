package io.jfs.cache.block;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.cache.page.MemoryBudget;
import io.jfs.cache.page.Page;
import io.jfs.cache.page.PageSlice;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Small blocks that were just read or written, in memory that nobody else needs right now: it
 * counts against the buffer budget and is given back when that is short, or after a while without
 * use.
 */
final class MemoryTier implements MemoryBudget.Reclaimer {
  /** Bigger blocks are not kept here. */
  static final int MAX_BLOCK_BYTES = 128 << 10;

  private static final class Kept {
    private final Page page;
    private boolean usedSinceSweep = true;

    Kept(Page page) {
      this.page = page;
    }
  }

  private final long maxBytes;

  @GuardedBy("this")
  private final LinkedHashMap<BlockKey, Kept> blocks = new LinkedHashMap<>(16, 0.75f, true);

  @GuardedBy("this")
  private long bytes;

  MemoryTier(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  synchronized @Nullable PageSlice read(BlockKey key, int off, int len) {
    Kept found = blocks.get(key);
    if (found == null) {
      return null;
    }
    found.usedSinceSweep = true;
    return found.page.slice(off, len);
  }

  synchronized boolean contains(BlockKey key) {
    return blocks.containsKey(key);
  }

  /** Takes a share of the page, if the block is small enough and its page not much bigger. */
  void put(BlockKey key, Page page) {
    if (key.sizeBytes() > MAX_BLOCK_BYTES || page.lengthBytes() > 2 * MAX_BLOCK_BYTES) {
      return;
    }
    List<Page> dropped = new ArrayList<>();
    synchronized (this) {
      if (blocks.containsKey(key)) {
        return;
      }
      blocks.put(key, new Kept(page.retain()));
      bytes += page.lengthBytes();
      dropEldest(bytes - maxBytes, dropped);
    }
    dropped.forEach(Page::close);
  }

  void remove(BlockKey key) {
    Kept removed;
    synchronized (this) {
      removed = blocks.remove(key);
      if (removed != null) {
        bytes -= removed.page.lengthBytes();
      }
    }
    if (removed != null) {
      removed.page.close();
    }
  }

  @Override
  public void reclaim(long wanted) {
    List<Page> dropped = new ArrayList<>();
    synchronized (this) {
      dropEldest(wanted, dropped);
    }
    dropped.forEach(Page::close);
  }

  /** Drops what was not used since the last sweep. */
  void sweep() {
    List<Page> dropped = new ArrayList<>();
    synchronized (this) {
      for (Iterator<Kept> all = blocks.values().iterator(); all.hasNext(); ) {
        Kept next = all.next();
        if (!next.usedSinceSweep) {
          all.remove();
          bytes -= next.page.lengthBytes();
          dropped.add(next.page);
        }
        next.usedSinceSweep = false;
      }
    }
    dropped.forEach(Page::close);
  }

  @GuardedBy("this")
  private void dropEldest(long wanted, List<Page> dropped) {
    long missing = wanted;
    Iterator<Kept> eldest = blocks.values().iterator();
    while (missing > 0 && eldest.hasNext()) {
      Page page = eldest.next().page;
      eldest.remove();
      bytes -= page.lengthBytes();
      missing -= page.lengthBytes();
      dropped.add(page);
    }
  }

  synchronized long usedBytes() {
    return bytes;
  }
}
