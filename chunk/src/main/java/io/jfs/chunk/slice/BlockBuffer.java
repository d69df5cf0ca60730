package io.jfs.chunk.slice;

import io.jfs.cache.page.Page;
import io.jfs.cache.page.PagePool;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The block that a writer is filling. Its page starts small and grows, so that a small file takes
 * little memory and a long one few copies.
 */
final class BlockBuffer {
  private final PagePool pool;
  private final int blockSizeBytes;
  private @Nullable Page page;
  private int lengthBytes;

  BlockBuffer(PagePool pool, int blockSizeBytes) {
    this.pool = pool;
    this.blockSizeBytes = blockSizeBytes;
  }

  int lengthBytes() {
    return lengthBytes;
  }

  boolean isFull() {
    return lengthBytes == blockSizeBytes;
  }

  /** Makes sure that {@code bytes} have a place; waits for memory. */
  void reserve(int bytes, Growth growth) {
    Page old = page;
    if (old != null && old.lengthBytes() >= bytes) {
      return;
    }
    int wanted = wanted(old, bytes, growth);
    Page bigger = pool.take(wanted);
    if (old != null) {
      bigger.buffer().put(old.buffer(0, lengthBytes));
      old.close();
    }
    page = bigger;
  }

  /** How much memory to take when more is needed. */
  enum Growth {
    /** Little more than is needed: memory is scarce. */
    TIGHT,
    /** Several times what was there: few copies, should more follow. */
    GENEROUS,
    /** A whole block: much will follow. */
    WHOLE_BLOCK
  }

  private int wanted(@Nullable Page old, int bytes, Growth growth) {
    long had = old == null ? 0 : old.lengthBytes();
    long wanted =
        switch (growth) {
          case TIGHT -> Math.max(bytes, had + had / 4);
          case GENEROUS -> Math.max(bytes, 4 * had);
          case WHOLE_BLOCK -> blockSizeBytes;
        };
    return (int) Math.min(blockSizeBytes, wanted);
  }

  /** Copies all of {@code data} to {@code off}, for which there is a place. */
  void write(int off, ByteBuffer data) {
    Page target = page;
    if (target == null) {
      throw new IllegalStateException("no memory reserved");
    }
    int end = off + data.remaining();
    target.buffer().position(off).put(data);
    lengthBytes = Math.max(lengthBytes, end);
  }

  /** Hands over the page and starts empty again. */
  Page takePage() {
    Page taken = page;
    if (taken == null) {
      throw new IllegalStateException("nothing was written");
    }
    page = null;
    lengthBytes = 0;
    return taken;
  }

  /** Gives the memory back. */
  void discard() {
    if (page != null) {
      page.close();
      page = null;
    }
    lengthBytes = 0;
  }
}
