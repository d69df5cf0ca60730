package io.jfs.vfs.read;

import io.jfs.cache.page.PageSlice;
import io.jfs.vfs.ReadData;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** An answer to a read in the making, then the answer: pages of blocks and zeros. */
final class Pages implements ReadData {
  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(1 << 16);

  private final List<ByteBuffer> buffers = new ArrayList<>(1);
  private final List<PageSlice> owned = new ArrayList<>(1);
  private final LongAdder lentBytes;
  private int ownedBytes;
  private int lengthBytes;
  private boolean closed;

  /** Empty; {@code lentBytes} counts its pages until it is closed. */
  Pages(LongAdder lentBytes) {
    this.lentBytes = lentBytes;
  }

  /** Takes over {@code page}. */
  void takePage(PageSlice page) {
    owned.add(page);
    ownedBytes += page.lengthBytes();
    lentBytes.add(page.lengthBytes());
    buffers.add(page.buffer());
    lengthBytes += page.lengthBytes();
  }

  void addZeros(int length) {
    for (int left = length; left > 0; ) {
      int part = Math.min(left, ZEROS.capacity());
      buffers.add(ZEROS.slice(0, part));
      left -= part;
    }
    lengthBytes += length;
  }

  @Override
  public List<ByteBuffer> buffers() {
    return buffers;
  }

  @Override
  public int lengthBytes() {
    return lengthBytes;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      lentBytes.add(-ownedBytes);
      owned.forEach(PageSlice::close);
    }
  }
}
