package io.jfs.vfs.read;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The reading pattern of one handle: how far ahead to read. The window opens with sequential
 * reading, doubles as long as it lasts, and closes when the pattern becomes random. Reads of one
 * stream may arrive a little out of order, because the kernel sends them in parallel.
 *
 * <p>Never waits: of two reads at once one updates the pattern.
 */
public final class ReadAhead {
  private final int blockSizeBytes;
  private final long maxWindowBytes;
  private final AtomicBoolean busy = new AtomicBoolean();
  private long lastEnd;
  private long sequentialBytes;
  private long windowBytes;
  private long aheadTo;

  ReadAhead(int blockSizeBytes, int maxWindowBytes) {
    this.blockSizeBytes = blockSizeBytes;
    this.maxWindowBytes = maxWindowBytes;
  }

  /** Takes a range to be brought near. */
  interface Fetch {
    /** [from, to) of the file. */
    void fetch(long from, long to);
  }

  /**
   * Notes a read and asks for what should be near next.
   *
   * @return whether the reading is sequential
   */
  boolean onRead(long offset, int size, long lengthBytes, Fetch fetch) {
    if (!busy.compareAndSet(false, true)) {
      return windowBytes > 0;
    }
    try {
      note(offset, size);
      askAhead(Math.min(lengthBytes, offset + size + windowBytes), offset + size, fetch);
      return windowBytes > 0;
    } finally {
      busy.set(false);
    }
  }

  private void note(long offset, int size) {
    long end = offset + size;
    boolean near = offset <= lastEnd + size && end + Math.max(windowBytes, size) >= lastEnd;
    if (near) {
      sequentialBytes += size;
      lastEnd = Math.max(lastEnd, end);
      if (windowBytes == 0) {
        windowBytes = Math.min(blockSizeBytes, maxWindowBytes);
      } else if (sequentialBytes >= windowBytes) {
        windowBytes = Math.min(2 * windowBytes, maxWindowBytes);
      }
    } else {
      sequentialBytes = 0;
      lastEnd = end;
      aheadTo = 0;
      windowBytes = windowBytes <= blockSizeBytes ? 0 : windowBytes / 2;
    }
  }

  private void askAhead(long target, long end, Fetch fetch) {
    if (windowBytes == 0) {
      return;
    }
    long from = Math.max(aheadTo, end);
    // Whole blocks at a time: asking again for every few pages would cost more than it brings.
    if (target - from >= Math.min(blockSizeBytes, windowBytes) / 2 || from == end) {
      if (target > from) {
        fetch.fetch(from, target);
        aheadTo = target;
      }
    }
  }
}
