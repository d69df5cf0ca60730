package io.jfs.chunk.slice;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.cache.block.BlockCache;
import io.jfs.cache.block.BlockCache.Admission;
import io.jfs.cache.block.BlockKey;
import io.jfs.cache.page.Page;
import io.jfs.chunk.slice.ChunkConfig.FullBlocks;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Fetches whole blocks, each by one thread at a time: others who want it wait and share. */
final class BlockFetcher {
  private final BlockStore blocks;
  private final BlockCache cache;
  private final RecentBlocks recent;
  private final ChunkConfig config;
  private final ConcurrentHashMap<BlockKey, Flight> flights = new ConcurrentHashMap<>();

  BlockFetcher(BlockStore blocks, BlockCache cache, RecentBlocks recent, ChunkConfig config) {
    this.blocks = blocks;
    this.cache = cache;
    this.recent = recent;
    this.config = config;
  }

  /** The whole block, at the start of a page that the caller owns. */
  Page fetch(BlockKey key, Admission admission) throws IOException {
    for (; ; ) {
      Flight mine = new Flight();
      Flight running = flights.putIfAbsent(key, mine);
      if (running == null) {
        return lead(key, mine, admission);
      }
      if (running.join()) {
        return running.await();
      }
    }
  }

  /** Shares a fetch that is running; null if there is none. */
  @Nullable Page shareRunning(BlockKey key) throws IOException {
    Flight running = flights.get(key);
    return running != null && running.join() ? running.await() : null;
  }

  private Page lead(BlockKey key, Flight flight, Admission admission) throws IOException {
    try {
      Page fetched = recent.share(key); // another flight may have landed a moment ago
      if (fetched != null) {
        flights.remove(key);
        flight.land(fetched);
        return fetched;
      }
      Page page = blocks.get(key);
      recent.put(key, page);
      boolean isCached = isCachedWhenRead(key, admission);
      if (isCached) {
        cache.put(key, page, Admission.OPTIONAL);
      }
      flights.remove(key);
      flight.land(page);
      if (isCached && admission == Admission.FORCED && !cache.contains(key)) {
        cache.put(key, page, admission); // waits for the disk: nobody else has to
      }
      return page;
    } catch (IOException | RuntimeException | Error e) {
      flights.remove(key);
      flight.crash(e);
      throw e;
    }
  }

  private boolean isCachedWhenRead(BlockKey key, Admission admission) {
    return key.sizeBytes() < config.blockSizeBytes()
        || config.cacheFullBlocks() != FullBlocks.NEVER
        || admission == Admission.FORCED;
  }

  /** One fetch and those who share its result. */
  private static final class Flight {
    private final CompletableFuture<Page> result = new CompletableFuture<>();

    @GuardedBy("this")
    private int passengers;

    @GuardedBy("this")
    private boolean over;

    /** Whether there is still a seat; who has one gets a share of the page and must take it. */
    synchronized boolean join() {
      if (!over) {
        passengers++;
      }
      return !over;
    }

    Page await() throws IOException {
      try {
        return result.join();
      } catch (CompletionException e) {
        Throwable cause = e.getCause();
        if (cause instanceof IOException io) {
          throw io; // the same trouble for all
        }
        throw new IOException("shared fetch failed", cause);
      }
    }

    void land(Page page) {
      int shares = end();
      for (int i = 0; i < shares; i++) {
        Page ignored = page.retain();
      }
      result.complete(page);
    }

    void crash(Throwable trouble) {
      int ignored = end();
      result.completeExceptionally(trouble);
    }

    private synchronized int end() {
      over = true;
      return passengers;
    }
  }
}
