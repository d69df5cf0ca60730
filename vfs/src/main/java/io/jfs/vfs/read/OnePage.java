package io.jfs.vfs.read;

import io.jfs.cache.page.PageSlice;
import io.jfs.vfs.ReadData;
import java.nio.ByteBuffer;
import java.util.List;

/** An answer to a read that lies in one block: the usual one, made with little garbage. */
final class OnePage implements ReadData {
  private final PageSlice page;
  private boolean closed;

  /** Takes over {@code page}. */
  OnePage(PageSlice page) {
    this.page = page;
  }

  @Override
  public List<ByteBuffer> buffers() {
    return List.of(page.buffer());
  }

  @Override
  public int lengthBytes() {
    return page.lengthBytes();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      page.close();
    }
  }
}
