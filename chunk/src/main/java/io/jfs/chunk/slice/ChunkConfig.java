package io.jfs.chunk.slice;

import io.jfs.cache.block.BlockNaming;
import java.time.Duration;

/**
 * What a volume and its mount decide about slices; the defaults are those of data format 3.1.
 *
 * @param blockSizeBytes block size of the volume
 * @param naming block names of the volume
 * @param compression {@code none}, {@code lz4} or {@code zstd}
 * @param maxUploads concurrent PUTs
 * @param maxDownloads concurrent GETs
 * @param ioRetries how often a failed upload is tried again; pauses grow as n^2 seconds
 * @param prefetchWorkers threads that fetch ahead; 0 fetches nothing ahead
 * @param cacheFullBlocks which blocks of full size the cache keeps
 * @param writeback whether blocks may wait on a local disk
 */
public record ChunkConfig(
    int blockSizeBytes,
    BlockNaming naming,
    String compression,
    int maxUploads,
    int maxDownloads,
    int ioRetries,
    int prefetchWorkers,
    FullBlocks cacheFullBlocks,
    WritebackConfig writeback) {

  /** Which blocks of full size go into the cache; smaller ones always do. */
  public enum FullBlocks {
    /** None ({@code --cache-partial-only}). */
    NEVER,
    /** Those read. */
    WHEN_READ,
    /** Those read and those written ({@code --cache-large-write}). */
    WHEN_READ_OR_WRITTEN
  }

  /** Values at or below zero get the reference client's meaning. */
  public ChunkConfig {
    maxUploads = maxUploads <= 0 ? 1 : maxUploads;
    maxDownloads = maxDownloads <= 0 ? 200 : maxDownloads;
    ioRetries = Math.max(ioRetries, 0);
    prefetchWorkers = Math.max(prefetchWorkers, 0);
  }

  /** The defaults of a mount for a volume of 4 MiB blocks. */
  public static ChunkConfig defaults() {
    return new ChunkConfig(
        4 << 20,
        BlockNaming.PLAIN,
        "none",
        20,
        200,
        10,
        1,
        FullBlocks.WHEN_READ,
        WritebackConfig.OFF);
  }

  /** The same for another volume. */
  public ChunkConfig withVolume(int blockBytes, BlockNaming blockNaming, String algorithm) {
    return new ChunkConfig(
        blockBytes,
        blockNaming,
        algorithm,
        maxUploads,
        maxDownloads,
        ioRetries,
        prefetchWorkers,
        cacheFullBlocks,
        writeback);
  }

  /** The same with another limit of tries. */
  public ChunkConfig withIoRetries(int retries) {
    return new ChunkConfig(
        blockSizeBytes,
        naming,
        compression,
        maxUploads,
        maxDownloads,
        retries,
        prefetchWorkers,
        cacheFullBlocks,
        writeback);
  }

  /** The same with another read-ahead. */
  public ChunkConfig withPrefetchWorkers(int workers) {
    return new ChunkConfig(
        blockSizeBytes,
        naming,
        compression,
        maxUploads,
        maxDownloads,
        ioRetries,
        workers,
        cacheFullBlocks,
        writeback);
  }

  /** The same with another choice of what the cache keeps. */
  public ChunkConfig withCacheFullBlocks(FullBlocks choice) {
    return new ChunkConfig(
        blockSizeBytes,
        naming,
        compression,
        maxUploads,
        maxDownloads,
        ioRetries,
        prefetchWorkers,
        choice,
        writeback);
  }

  /** The same with blocks that may wait. */
  public ChunkConfig withWriteback(WritebackConfig choice) {
    return new ChunkConfig(
        blockSizeBytes,
        naming,
        compression,
        maxUploads,
        maxDownloads,
        ioRetries,
        prefetchWorkers,
        cacheFullBlocks,
        choice);
  }

  /** Pause before the {@code n}-th repetition (counted from 0). */
  static Duration pause(int n) {
    return Duration.ofSeconds((long) n * n);
  }
}
