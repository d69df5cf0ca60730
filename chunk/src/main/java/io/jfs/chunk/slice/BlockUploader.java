package io.jfs.chunk.slice;

import io.jfs.cache.block.BlockCache;
import io.jfs.cache.block.BlockKey;
import io.jfs.cache.block.StagingArea;
import io.jfs.cache.page.Page;
import io.jfs.chunk.object.NoSpaceException;
import io.jfs.chunk.slice.ChunkConfig.FullBlocks;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings blocks to the store, several at once, with patience. */
final class BlockUploader {
  /** Who waits for an upload. */
  @FunctionalInterface
  interface Outcome {
    /** The block is durable if {@code trouble} is null. */
    void settled(@Nullable Throwable trouble);
  }

  private static final Logger log = LoggerFactory.getLogger(BlockUploader.class);

  private final BlockStore blocks;
  private final BlockCache cache;
  private final StoreHealth health;
  private final ChunkConfig config;
  private final SliceMetrics metrics;
  private final Executor executor;
  private final @Nullable StagedUploads staged;

  BlockUploader(
      BlockStore blocks,
      BlockCache cache,
      StoreHealth health,
      ChunkConfig config,
      SliceMetrics metrics,
      Executor executor,
      @Nullable StagedUploads staged) {
    this.blocks = blocks;
    this.cache = cache;
    this.health = health;
    this.config = config;
    this.metrics = metrics;
    this.executor = executor;
    this.staged = staged;
  }

  /**
   * Uploads a block, later and on another thread.
   *
   * @param page holds the block's bytes at its start; taken over
   * @param tier how the store keeps it; only tier 0 may be staged, whose files say nothing of it
   * @param isGivenUp asked before each further try
   * @param outcome told when the block is durable, or else why it is not
   */
  void upload(BlockKey key, Page page, int tier, BooleanSupplier isGivenUp, Outcome outcome) {
    try {
      executor.execute(() -> run(key, page, tier, isGivenUp, outcome));
    } catch (RejectedExecutionException e) {
      page.close();
      outcome.settled(new IOException("slice store is closed", e));
    }
  }

  /** Deletes blocks in the background; what fails is left to gc. */
  void deleteLater(Iterable<BlockKey> keys) {
    try {
      executor.execute(() -> delete(keys));
    } catch (RejectedExecutionException e) {
      delete(keys); // the store is being closed: no later
    }
  }

  /** Deletes a block wherever it is; a missing one is a success. */
  void deleteNow(BlockKey key) throws IOException {
    boolean stored = staged == null || staged.remove(key);
    cache.remove(key);
    if (stored) {
      blocks.delete(key);
    }
  }

  private void run(BlockKey key, Page page, int tier, BooleanSupplier isGivenUp, Outcome outcome) {
    Throwable trouble = null;
    try (page) {
      if (!isStaged(key, page, tier)) {
        putPatiently(key, page, tier, isGivenUp);
        if (isCachedWhenWritten(key)) {
          cache.put(key, page, BlockCache.Admission.OPTIONAL);
        }
      }
    } catch (IOException | RuntimeException | Error e) {
      trouble = e;
    }
    outcome.settled(trouble);
  }

  private boolean isStaged(BlockKey key, Page page, int tier) {
    return staged != null && tier == 0 && staged.stage(key, page) == StagingArea.Outcome.STAGED;
  }

  private boolean isCachedWhenWritten(BlockKey key) {
    return key.sizeBytes() < config.blockSizeBytes()
        || config.cacheFullBlocks() == FullBlocks.WHEN_READ_OR_WRITTEN;
  }

  private void putPatiently(BlockKey key, Page page, int tier, BooleanSupplier isGivenUp)
      throws IOException {
    int repetitions = 0;
    Duration left = Duration.ZERO; // of the pause before the next repetition
    for (int tries = 1; ; tries++) {
      if (isGivenUp.getAsBoolean()) {
        throw new IOException("upload given up");
      }
      try {
        blocks.put(key, page.buffer(0, key.sizeBytes()), tier);
        if (tries > 1) {
          health.wentThrough();
        }
        return;
      } catch (NoSpaceException e) {
        throw e;
      } catch (IOException e) {
        if (repetitions == config.ioRetries() && left.isZero()) {
          throw e;
        }
        metrics.uploadRetries().increment();
        log.warn("upload {} failed, will be tried again: {}", key.baseName(), e.toString());
        // Only a pause waited to its end counts: a try because the store came back is a gift.
        left = left.isZero() ? ChunkConfig.pause(repetitions++) : left;
        left = health.await(left);
      }
    }
  }

  private void delete(Iterable<BlockKey> keys) {
    for (BlockKey key : keys) {
      try {
        deleteNow(key);
      } catch (IOException e) {
        log.warn("block {} of a given up slice stays behind: {}", key.baseName(), e.toString());
      }
    }
  }
}
