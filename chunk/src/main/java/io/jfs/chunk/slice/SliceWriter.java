package io.jfs.chunk.slice;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/**
 * A slice in the making: pages that fill up, blocks that go to the store as soon as they are full.
 * Used by one thread at a time. It ends with {@link #finish} or {@link #abort}, either of which
 * gives its memory back.
 */
public interface SliceWriter {
  /** Names the slice. Once, before {@link #finish}; uploads of full blocks wait for it. */
  void assignId(long id);

  /** Bytes written so far: the highest end of any write. */
  int lengthBytes();

  /**
   * Copies {@code data} (BORROWED) to [off, off + remaining) and moves its position to its limit.
   * Must start at or behind the start of the last block that is not yet full, and at or before
   * {@link #lengthBytes}. Waits while the memory budget is used up.
   *
   * @throws IOException if an upload of this slice has already failed
   */
  void write(int off, ByteBuffer data) throws IOException;

  /** Starts the upload of every full block. Never waits for the store. */
  void flushFull();

  /**
   * Uploads the rest; completes when every block is durable, or exceptionally with an IOException.
   */
  CompletableFuture<Void> finish();

  /** Gives up: uploaded blocks are deleted in the background. */
  void abort();
}
