package io.jfs.chunk.slice;

import io.jfs.cache.block.BlockCache;
import io.jfs.cache.block.BlockCache.Admission;
import io.jfs.cache.block.BlockKey;
import io.jfs.cache.page.Page;
import io.jfs.cache.page.PageSlice;
import io.jfs.chunk.object.NoSuchObjectException;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads parts of blocks: from the cache, else a range, else the whole (data format 3.10). */
final class BlockReader {
  private static final Logger log = LoggerFactory.getLogger(BlockReader.class);

  private final BlockStore blocks;
  private final BlockCache cache;
  private final RecentBlocks recent;
  private final BlockFetcher fetcher;
  private final Prefetcher prefetcher;
  private final ChunkConfig config;
  private final SliceMetrics metrics;

  BlockReader(
      BlockStore blocks,
      BlockCache cache,
      RecentBlocks recent,
      BlockFetcher fetcher,
      Prefetcher prefetcher,
      ChunkConfig config,
      SliceMetrics metrics) {
    this.blocks = blocks;
    this.cache = cache;
    this.recent = recent;
    this.fetcher = fetcher;
    this.prefetcher = prefetcher;
    this.config = config;
    this.metrics = metrics;
  }

  /** The bytes [off, off + len) of a block; the caller owns the answer. */
  PageSlice read(BlockKey key, int off, int len) throws IOException {
    long start = System.nanoTime();
    PageSlice kept = recent.read(key, off, len);
    PageSlice cached = kept != null ? kept : cache.read(key, off, len);
    if (cached != null) {
      metrics.cacheReadNanos().accept(System.nanoTime() - start);
      metrics.cacheHits().increment();
      metrics.cacheHitBytes().add(len);
      return cached;
    }
    metrics.cacheMisses().increment();
    metrics.cacheMissBytes().add(len);
    try {
      return isRangeEnough(off, len) ? readRange(key, off, len) : readWhole(key, off, len);
    } finally {
      metrics.fetchNanos().accept(System.nanoTime() - start);
    }
  }

  private boolean isRangeEnough(int off, int len) {
    boolean small = off > 0 && len <= config.blockSizeBytes() / 4;
    return blocks.hasRangedReads() && (small || !cache.isEnabled());
  }

  private PageSlice readRange(BlockKey key, int off, int len) throws IOException {
    Page whole = fetcher.shareRunning(key);
    if (whole != null) {
      return whole.takeSlice(off, len);
    }
    try {
      Page part = blocks.getRange(key, off, len);
      prefetcher.prefetch(key, config.prefetchWorkers());
      return part.takeSlice(0, len);
    } catch (NoSuchObjectException e) {
      throw e;
    } catch (IOException e) {
      log.debug("range of {} failed, reading it whole", key.baseName(), e);
      return readWhole(key, off, len);
    }
  }

  private PageSlice readWhole(BlockKey key, int off, int len) throws IOException {
    return fetcher.fetch(key, Admission.OPTIONAL).takeSlice(off, len);
  }
}
