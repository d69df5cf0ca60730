package io.jfs.fuse.device;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;

/**
 * A thread as the C library knows it, to wake it out of a system call that waits: the call fails
 * with EINTR. Used is the signal that the JDK itself uses for that, whose handler does nothing.
 */
public final class NativeThread {
  /** SIGRTMAX - 2, as in the JDK's NativeThread.c and linux_close.c. */
  private static final int SIGNAL = 62;

  private final long pthread;
  private boolean ended;

  private NativeThread(long pthread) {
    this.pthread = pthread;
  }

  /** The calling thread. It must say {@link #end} before it ends. */
  public static NativeThread current() {
    return new NativeThread(LibC.pthreadSelf());
  }

  /** Makes sure that the JDK handles the signal: it installs its handler with the first channel. */
  public static void prepare() throws IOException {
    Pipe pipe = Pipe.open();
    try (Pipe.SinkChannel sink = pipe.sink();
        Pipe.SourceChannel source = pipe.source()) {
      ByteBuffer one = ByteBuffer.allocate(1);
      int unused = sink.write(one) + source.read(ByteBuffer.allocate(1));
    }
  }

  /** From now on it cannot be woken, because it is about to end. */
  public synchronized void end() {
    ended = true;
  }

  /** Interrupts the system call in which it is; without effect if it is in none. */
  public synchronized void wake() {
    if (!ended) {
      int unused = LibC.pthreadKill(pthread, SIGNAL);
    }
  }
}
