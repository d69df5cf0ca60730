package io.jfs.vfs.read;

import io.jfs.cache.page.PageSlice;
import io.jfs.vfs.ReadData;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** An answer to a read that lies in one block: the usual one, made with little garbage. */
final class OnePage implements ReadData {
  private final PageSlice page;
  private final LongAdder lentBytes;
  private boolean closed;

  /** Takes over {@code page}; {@code lentBytes} counts it until it is closed. */
  OnePage(PageSlice page, LongAdder lentBytes) {
    this.page = page;
    this.lentBytes = lentBytes;
    lentBytes.add(page.lengthBytes());
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
      lentBytes.add(-page.lengthBytes());
      page.close();
    }
  }
}
