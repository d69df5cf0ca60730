package io.jfs.chunk.slice;

import io.jfs.cache.block.BlockCache;
import io.jfs.cache.block.BlockCache.Admission;
import io.jfs.cache.block.BlockKey;
import io.jfs.cache.block.StagingArea;
import io.jfs.cache.page.Page;
import io.jfs.cache.page.PagePool;
import io.jfs.cache.page.PageSlice;
import io.jfs.chunk.block.SliceLayout;
import io.jfs.chunk.object.ObjectStore;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Slices in an object store behind a cache. Owns its threads, the store and the cache; not the
 * pool.
 *
 * <p>Reads try once: who reads a file has the patience (data format 4.2), because a block that is
 * gone may mean that the slice list is stale. Uploads have their own patience, because nobody else
 * holds the bytes.
 */
public final class DefaultSliceStore implements SliceStore {
  private static final long PROBE_MILLIS = 200;
  private static final long TRIM_SECONDS = 5;
  private static final long SWEEP_SECONDS = 15;
  private static final int MAX_READ_AHEADS = 64;
  private static final int RECENT_SHARE = 4; // of the buffer memory

  private static final long MOST_RECENT_BYTES_BESIDE_CACHE = 16 << 20;
  private static final long STAGED_SECONDS = 1;

  private final ObjectStore objects;
  private final BlockCache cache;
  private final PagePool pool;
  private final ChunkConfig config;
  private final BlockStore blocks;
  private final StoreHealth health;
  private final BlockFetcher fetcher;
  private final BlockReader reader;
  private final BlockUploader uploader;
  private final Prefetcher prefetcher;
  private final @Nullable StagedUploads staged;
  private final ExecutorService uploads;
  private final ExecutorService stagedUploads;
  private final ExecutorService prefetches;
  private final ExecutorService readAheads;
  private final RecentBlocks recent;
  private final ScheduledExecutorService housekeeping;

  /** Starts its threads. Takes over {@code objects} and {@code cache}. */
  public DefaultSliceStore(
      ObjectStore objects,
      BlockCache cache,
      PagePool pool,
      ChunkConfig config,
      SliceMetrics metrics) {
    this.objects = objects;
    this.cache = cache;
    this.pool = pool;
    this.config = config;
    this.uploads = Workers.bounded("upload", config.maxUploads());
    this.stagedUploads = Workers.bounded("staged-upload", config.maxUploads());
    this.prefetches = Workers.bounded("prefetch", Math.max(1, config.prefetchWorkers()));
    this.readAheads =
        Workers.bounded("read-ahead", Math.min(config.maxDownloads(), MAX_READ_AHEADS));
    this.recent = new RecentBlocks(recentBytes(pool.budget().limitBytes(), cache.isEnabled()));
    pool.budget().addReclaimer(recent);
    this.housekeeping =
        Executors.newSingleThreadScheduledExecutor(Workers.factory("chunk-housekeeping"));
    this.blocks = new BlockStore(objects, config, pool);
    this.health = new StoreHealth(blocks::probe);
    this.fetcher = new BlockFetcher(blocks, cache, recent, config);
    this.prefetcher =
        new Prefetcher(fetcher, cache, recent, pool.budget(), metrics, readAheads, prefetches);
    this.reader = new BlockReader(blocks, cache, recent, fetcher, prefetcher, config, metrics);
    this.staged = stagedUploads(Clock.system(ZoneId.systemDefault()), metrics);
    this.uploader = new BlockUploader(blocks, cache, health, config, metrics, uploads, staged);
    schedule(health::probeIfAwaited, PROBE_MILLIS, TimeUnit.MILLISECONDS);
    schedule(pool::trim, TRIM_SECONDS, TimeUnit.SECONDS);
    schedule(recent::sweep, SWEEP_SECONDS, TimeUnit.SECONDS);
    if (staged != null) {
      staged.resume(); // before anybody asks what is staged
      schedule(staged::startDue, STAGED_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** Also without writeback: an earlier mount may have left blocks behind. */
  private @Nullable StagedUploads stagedUploads(Clock clock, SliceMetrics metrics) {
    StagingArea area = cache.staging();
    return area == null
        ? null
        : new StagedUploads(
            area, blocks, config.writeback(), clock, stagedUploads, config.maxUploads(), metrics);
  }

  private void schedule(Runnable task, long period, TimeUnit unit) {
    Object ignored = housekeeping.scheduleWithFixedDelay(task, period, period, unit);
  }

  @Override
  public SliceWriter newWriter(int tier) {
    return new DefaultSliceWriter(uploader, pool, health, config.blockSizeBytes(), tier);
  }

  @Override
  public PageSlice read(long id, int size, int off, int len, boolean sequential)
      throws IOException {
    SliceLayout layout = layout(id, size);
    BlockKey key = layout.blockAt(off);
    int start = off % config.blockSizeBytes();
    PageSlice answer = reader.read(key, start, Math.min(len, key.sizeBytes() - start));
    if (sequential && key.index() + 1 < layout.blockCount()) {
      prefetcher.readAhead(layout.block(key.index() + 1));
    }
    return answer;
  }

  @Override
  public void prefetch(long id, int size, int off, int len) {
    SliceLayout layout = layout(id, size);
    int end = (int) Math.min(size, (long) off + len);
    for (int at = off; at < end; at += config.blockSizeBytes() - at % config.blockSizeBytes()) {
      prefetcher.readAhead(layout.blockAt(at));
    }
  }

  @Override
  public void warm(long id, int size) throws IOException {
    for (BlockKey key : layout(id, size).blocks()) {
      if (!cache.contains(key)) {
        Page page = fetcher.fetch(key, Admission.FORCED);
        page.close();
      }
    }
  }

  @Override
  public void evict(long id, int size) {
    for (BlockKey key : layout(id, size).blocks()) {
      recent.remove(key);
      cache.remove(key);
    }
  }

  @Override
  public Map<String, Long> cachedBytes(long id, int size) {
    Map<String, Long> bytes = new HashMap<>();
    for (BlockKey key : layout(id, size).blocks()) {
      String place = cache.place(key);
      if (place != null) {
        bytes.merge(place, (long) key.sizeBytes(), Long::sum);
      }
    }
    return bytes;
  }

  @Override
  public void remove(long id, int size) throws IOException {
    IOException failure = null;
    for (BlockKey key : layout(id, size).blocks()) {
      recent.remove(key);
      try {
        uploader.deleteNow(key);
      } catch (IOException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public void wakeOnRecovery(Runnable wake) {
    health.addListener(wake);
  }

  @Override
  public void stopWaking(Runnable wake) {
    health.removeListener(wake);
  }

  @Override
  public void flushStaged() throws IOException {
    if (staged != null) {
      try {
        staged.awaitEmpty();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw (IOException) new InterruptedIOException("interrupted").initCause(e);
      }
    }
  }

  @Override
  public void close() {
    if (staged != null) {
      staged.close();
    }
    health.close();
    Workers.stop(prefetches);
    Workers.stop(readAheads);
    Workers.stop(uploads);
    Workers.stop(stagedUploads);
    Workers.stop(housekeeping);
    pool.budget().removeReclaimer(recent);
    recent.reclaim(Long.MAX_VALUE);
    cache.close();
    objects.close();
  }

  private SliceLayout layout(long id, int size) {
    return new SliceLayout(id, size, config.blockSizeBytes());
  }

  /** With a cache, what was fetched is there, too, and memory is better left to others. */
  private static long recentBytes(long budgetBytes, boolean isCached) {
    long share = budgetBytes / RECENT_SHARE;
    return isCached ? Math.min(share, MOST_RECENT_BYTES_BESIDE_CACHE) : share;
  }
}
