package io.jfs.fuse;

import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.vfs.Opened;
import io.jfs.vfs.ReadData;
import io.jfs.vfs.Request;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/** Reads wait until they are let go or cancelled; fsyncs take a while. */
final class BlockingVfs extends MemoryVfs {
  final AtomicInteger blocked = new AtomicInteger();
  final AtomicInteger cancelled = new AtomicInteger();
  volatile boolean letGo;
  volatile long fsyncMillis;

  @Override
  public Opened open(Request request, Ino ino, int flags) throws FsException, IOException {
    Opened opened = super.open(request, ino, flags);
    return new Opened(opened.handle(), false, true, false);
  }

  @Override
  public ReadData read(Request request, Ino ino, long handle, long offset, int sizeBytes)
      throws FsException, IOException {
    blocked.incrementAndGet();
    try {
      while (!letGo) {
        request.cancellation().pause(5);
      }
    } catch (FsException e) {
      cancelled.incrementAndGet();
      throw e;
    } finally {
      blocked.decrementAndGet();
    }
    return super.read(request, ino, handle, offset, sizeBytes);
  }

  @Override
  public void fsync(Request request, Ino ino, long handle, boolean dataOnly)
      throws FsException, IOException {
    request.cancellation().pause(fsyncMillis);
  }
}
