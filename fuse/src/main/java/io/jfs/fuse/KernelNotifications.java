package io.jfs.fuse;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.fuse.device.FuseDevice;
import io.jfs.fuse.device.GatherList;
import io.jfs.fuse.device.NativeMemory;
import io.jfs.fuse.proto.Notifications;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.vfs.KernelNotifier;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the kernel what to forget, from one thread of its own: the kernel takes the inode's locks
 * while it takes the message, and a thread that serves a request under such a lock would wait for
 * itself.
 *
 * <p>What waits to be sent is a set, since telling twice is no use, and it is bounded: beyond the
 * bound messages are dropped, and the kernel believes the old answer until its timeout.
 */
final class KernelNotifications implements KernelNotifier {
  private static final Logger log = LoggerFactory.getLogger(KernelNotifications.class);
  private static final int MAX_PENDING = 65_536;

  /** Writes itself into a buffer; answers its length. */
  private sealed interface Message {
    int put(ByteBuffer out);
  }

  private record DataMessage(long ino, long offset, long lengthBytes) implements Message {
    @Override
    public int put(ByteBuffer out) {
      return Notifications.putInvalidateInode(out, ino, offset, lengthBytes);
    }
  }

  private record EntryMessage(long parent, Name name) implements Message {
    @Override
    public int put(ByteBuffer out) {
      return Notifications.putInvalidateEntry(out, parent, name.bytes());
    }
  }

  private final FuseDevice device;
  private final Thread thread = new Thread(this::run, "fuse-notify");

  @GuardedBy("this")
  private final LinkedHashSet<Message> pending = new LinkedHashSet<>();

  @GuardedBy("this")
  private long dropped;

  @GuardedBy("this")
  private boolean closed;

  /** Sends on {@code device} once {@link #start()} was called. */
  KernelNotifications(FuseDevice device) {
    this.device = device;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  @Override
  public void invalidateData(Ino ino, long offset, long lengthBytes) {
    enqueue(new DataMessage(ino.value(), offset, lengthBytes));
  }

  @Override
  public void invalidateEntry(Ino parent, Name name) {
    enqueue(new EntryMessage(parent.value(), name));
  }

  /**
   * What was read and not answered is to come again; older kernels refuse, and keep it for ever.
   * Takes no lock of the kernel's that a request may hold.
   */
  static void resend(FuseDevice device) {
    try (NativeMemory memory = NativeMemory.allocate(Notifications.MAX_BYTES);
        GatherList pieces = new GatherList()) {
      pieces.add(memory, Notifications.putResend(memory.buffer()));
      int sent = device.write(pieces);
      if (sent < 0) {
        log.warn("what the process before had read is lost: this kernel cannot send it again");
      }
    }
  }

  private synchronized void enqueue(Message message) {
    if (closed) {
      return;
    }
    if (pending.size() >= MAX_PENDING) {
      if (dropped++ == 0) {
        log.warn("kernel cache invalidations are dropped: {} wait to be sent", MAX_PENDING);
      }
      return;
    }
    if (pending.add(message) && pending.size() == 1) {
      notifyAll();
    }
  }

  private synchronized @Nullable Message next() throws InterruptedException {
    while (pending.isEmpty() && !closed) {
      wait();
    }
    if (closed) {
      return null;
    }
    dropped = 0;
    Iterator<Message> oldest = pending.iterator();
    Message message = oldest.next();
    oldest.remove();
    return message;
  }

  private void run() {
    try (NativeMemory memory = NativeMemory.allocate(Notifications.MAX_BYTES);
        GatherList pieces = new GatherList()) {
      Message message = next();
      while (message != null) {
        pieces.clear();
        pieces.add(memory, message.put(memory.buffer()));
        // ENOENT is usual: the kernel does not know the inode or name, so it caches nothing.
        int unused = device.write(pieces);
        message = next();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Drops what waits and ends the thread. */
  void end() throws InterruptedException {
    synchronized (this) {
      closed = true;
      pending.clear();
      notifyAll();
    }
    thread.join(TimeUnit.SECONDS.toMillis(10));
  }
}
