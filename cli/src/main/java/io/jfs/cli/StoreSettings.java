package io.jfs.cli;

import io.jfs.cache.page.MemoryBudget;
import io.jfs.cache.page.PagePool;
import io.jfs.chunk.object.FileObjectStore.Durability;
import java.time.Duration;

/**
 * What a client decides about its object store, whatever the volume's settings say.
 *
 * @param durability what a file store waits for
 * @param getTimeout longest time of a GET
 * @param putTimeout longest time of a PUT
 * @param uploadMbps limit of uploads, 0 for none
 * @param downloadMbps limit of downloads, 0 for none
 * @param pool memory for encryption
 */
record StoreSettings(
    Durability durability,
    Duration getTimeout,
    Duration putTimeout,
    long uploadMbps,
    long downloadMbps,
    PagePool pool) {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final long TOOL_BUFFER_BYTES = 64L << 20;

  /** For a command that only looks, tests or writes a little. */
  static StoreSettings ofTool() {
    return new StoreSettings(
        Durability.FSYNC,
        TIMEOUT,
        TIMEOUT,
        0,
        0,
        new PagePool(new MemoryBudget(TOOL_BUFFER_BYTES)));
  }
}
