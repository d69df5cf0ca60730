package io.jfs.chunk.object;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Lets so many bytes pass per second, with a tenth of a second's worth at once. Who comes when the
 * bucket is empty goes into debt and waits until it is paid; so big requests need no splitting.
 * Thread safe.
 */
public final class RateLimiter {
  /**
   * Share of the limit that payload may use; the rest is for the protocol around it. (The reference
   * client leaves 15 %, which is more than the protocols take.)
   */
  private static final double PAYLOAD_SHARE = 0.95;

  private static final double NANOS = 1e9;

  private final LongSupplier nanoTime;

  @GuardedBy("this")
  private double bytesPerSecond; // 0 = no limit

  @GuardedBy("this")
  private double tokens;

  @GuardedBy("this")
  private long updatedNanos;

  @GuardedBy("this")
  private long changes;

  /** No limit yet; {@code nanoTime} is a monotonic clock in nanoseconds. */
  public RateLimiter(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Changes the limit, in megabits (10^6) per second; 0 for none. Takes effect at once: debts under
   * the old limit are forgiven, and who waits for one goes on.
   */
  public synchronized void setLimit(long megabitsPerSecond) {
    double bytes = megabitsPerSecond <= 0 ? 0 : megabitsPerSecond * 1e6 / 8 * PAYLOAD_SHARE;
    if (bytes != bytesPerSecond) {
      bytesPerSecond = bytes;
      tokens = 0;
      updatedNanos = nanoTime.getAsLong();
      changes++;
      notifyAll();
    }
  }

  /** Takes {@code bytes}; waits as long as the limit demands, interrupts notwithstanding. */
  public synchronized void acquire(long bytes) {
    long until = nanoTime.getAsLong() + reserve(bytes);
    long before = changes;
    boolean interrupted = false;
    for (long left = until - nanoTime.getAsLong(); left > 0 && changes == before; ) {
      try {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      } catch (InterruptedException e) {
        interrupted = true;
      }
      left = until - nanoTime.getAsLong();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Takes {@code bytes} and answers for how many nanoseconds the caller must wait. */
  synchronized long reserve(long bytes) {
    if (bytesPerSecond == 0) {
      return 0;
    }
    long now = nanoTime.getAsLong();
    double earned = (now - updatedNanos) / NANOS * bytesPerSecond;
    tokens = Math.min(tokens + earned, bytesPerSecond / 10) - bytes;
    updatedNanos = now;
    return tokens >= 0 ? 0 : (long) (-tokens / bytesPerSecond * NANOS);
  }
}
