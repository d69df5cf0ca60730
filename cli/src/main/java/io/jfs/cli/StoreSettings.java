package io.jfs.cli;

import io.jfs.cache.page.MemoryBudget;
import io.jfs.cache.page.PagePool;
import io.jfs.chunk.object.FileObjectStore.Durability;
import io.jfs.chunk.object.RateLimiter;
import java.time.Duration;

/**
 * What a client decides about its object store, whatever the volume's settings say.
 *
 * @param durability what a file store waits for
 * @param getTimeout longest time of a GET
 * @param putTimeout longest time of a PUT
 * @param uploads limit of uploads
 * @param downloads limit of downloads
 * @param pool memory for encryption
 */
record StoreSettings(
    Durability durability,
    Duration getTimeout,
    Duration putTimeout,
    RateLimiter uploads,
    RateLimiter downloads,
    PagePool pool) {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final long TOOL_BUFFER_BYTES = 64L << 20;

  /** For a command that only looks, tests or writes a little. */
  static StoreSettings ofTool() {
    return new StoreSettings(
        Durability.FSYNC,
        TIMEOUT,
        TIMEOUT,
        new RateLimiter(System::nanoTime),
        new RateLimiter(System::nanoTime),
        new PagePool(new MemoryBudget(TOOL_BUFFER_BYTES)));
  }
}
