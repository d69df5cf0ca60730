package io.jfs.cache.page;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A piece of off-heap memory from a {@link PagePool}. It has one owner, who closes it exactly once;
 * {@link #retain} makes a further owner. When the last owner closes it the memory goes back to the
 * pool, and buffers made from it must no longer be touched. The bytes of a fresh page are
 * arbitrary.
 */
public final class Page implements PageSlice {
  private final PagePool pool;
  private final ByteBuffer memory;
  private final AtomicInteger owners = new AtomicInteger(1);

  Page(PagePool pool, ByteBuffer memory) {
    this.pool = pool;
    this.memory = memory;
  }

  /** The whole page, writable for its only owner; a new buffer object per call. */
  @Override
  public ByteBuffer buffer() {
    return memory.duplicate();
  }

  /** The bytes [off, off + len). */
  public ByteBuffer buffer(int off, int len) {
    return memory.slice(off, len);
  }

  /** Capacity in bytes: at least what was asked for. */
  @Override
  public int lengthBytes() {
    return memory.capacity();
  }

  /** Adds an owner. Only an owner may call it. */
  public Page retain() {
    int before = owners.getAndIncrement();
    if (before <= 0) {
      owners.getAndDecrement();
      throw new IllegalStateException("page was already given back");
    }
    return this;
  }

  /** A window that owns the page too. */
  public PageSlice slice(int off, int len) {
    return new PageWindow(retain(), off, len);
  }

  /** A window that takes this owner's share: the caller no longer closes the page. */
  public PageSlice takeSlice(int off, int len) {
    return new PageWindow(this, off, len);
  }

  @Override
  public void close() {
    int left = owners.decrementAndGet();
    if (left == 0) {
      pool.giveBack(memory);
    } else if (left < 0) {
      throw new IllegalStateException("page closed too often");
    }
  }
}
