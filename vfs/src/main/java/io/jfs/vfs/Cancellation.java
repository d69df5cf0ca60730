package io.jfs.vfs;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import java.util.concurrent.TimeUnit;

/**
 * The wish of a request's caller to stop waiting (a signal, seen through FUSE_INTERRUPT). It is a
 * flag that waits look at, not a thread interrupt, because interrupting a thread inside file I/O
 * would close the channel under every other user.
 */
public final class Cancellation {
  @GuardedBy("this")
  private boolean cancelled;

  @GuardedBy("this")
  private boolean woken;

  /** Asks the operation to stop at its next wait. Idempotent. */
  public synchronized void cancel() {
    cancelled = true;
    notifyAll();
  }

  /**
   * Ends the pause that is running, or else the next one, early: what is waited for may have
   * happened. The operation goes on.
   */
  public synchronized void wake() {
    woken = true;
    notifyAll();
  }

  /** Whether {@link #cancel()} was called. */
  public synchronized boolean isCancelled() {
    return cancelled;
  }

  /**
   * Waits up to {@code millis}, or until cancelled or woken.
   *
   * @throws FsException EINTR if cancelled before or during the wait
   */
  public synchronized void pause(long millis) throws FsException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (!cancelled) {
      long left = deadline - System.nanoTime();
      if (left <= 0 || woken) {
        woken = false;
        return;
      }
      try {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        cancelled = true;
      }
    }
    throw Errno.EINTR.exception();
  }
}
