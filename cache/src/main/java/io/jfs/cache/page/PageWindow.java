package io.jfs.cache.page;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/** Part of a page, with an owner's share in it. */
final class PageWindow implements PageSlice {
  private final Page page;
  private final int off;
  private final int lengthBytes;
  private final AtomicBoolean closed = new AtomicBoolean();

  PageWindow(Page page, int off, int lengthBytes) {
    Objects.checkFromIndexSize(off, lengthBytes, page.lengthBytes());
    this.page = page;
    this.off = off;
    this.lengthBytes = lengthBytes;
  }

  @Override
  public ByteBuffer buffer() {
    return page.buffer(off, lengthBytes);
  }

  @Override
  public int lengthBytes() {
    return lengthBytes;
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      throw new IllegalStateException("page slice closed twice");
    }
    page.close();
  }
}
