package io.jfs.cache.page;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many bytes the client may hold outside the heap ({@code --buffer-size}). Taking more than is
 * left first asks the reclaimers (caches) to drop something, then waits until others give back.
 *
 * <p>Waiting must not become a deadlock when everybody who waits also holds: if nothing at all was
 * given back for {@link #STALL_MILLIS}, a request is let through up to twice the limit, as the
 * reference client does; but one at a time, so that a store that takes nothing for a while does not
 * double the memory of a busy client.
 */
public final class MemoryBudget {
  /** How long nothing may be given back before a waiting request may overdraw, in milliseconds. */
  static final long STALL_MILLIS = 100;

  /** Something that holds memory it could do without. */
  @FunctionalInterface
  public interface Reclaimer {
    /** Gives back about {@code bytes} if it can, without waiting. */
    void reclaim(long bytes);
  }

  private final long limitBytes;
  private final AtomicLong used = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition released = lock.newCondition();
  private final List<Reclaimer> reclaimers = new CopyOnWriteArrayList<>();
  private volatile int waiters;

  @GuardedBy("lock")
  private long lastOverdraftNanos = System.nanoTime();

  /** A budget of {@code limitBytes} bytes. */
  public MemoryBudget(long limitBytes) {
    if (limitBytes <= 0) {
      throw new IllegalArgumentException("limit " + limitBytes);
    }
    this.limitBytes = limitBytes;
  }

  /** The limit in bytes. */
  public long limitBytes() {
    return limitBytes;
  }

  /** Bytes taken now. */
  public long usedBytes() {
    return used.get();
  }

  /** Whether somebody waits for memory: writers then do well to send off what they hold. */
  public boolean isShort() {
    return waiters > 0;
  }

  /**
   * Registers one who is asked to give memory back whenever a request does not fit. Called on the
   * thread that asks; must not wait.
   */
  public void addReclaimer(Reclaimer reclaimer) {
    reclaimers.add(reclaimer);
  }

  /** Removes a reclaimer. */
  public void removeReclaimer(Reclaimer reclaimer) {
    reclaimers.remove(reclaimer);
  }

  /** Takes {@code bytes} if they are left. */
  public boolean tryAcquire(long bytes) {
    return takeWithin(bytes, limitBytes);
  }

  /** Takes {@code bytes}, over the limit if need be: for those whose work gives memory back. */
  public void acquireNow(long bytes) {
    used.addAndGet(bytes);
  }

  /** Takes {@code bytes}; waits until they are left. */
  public void acquire(long bytes) {
    if (tryAcquire(bytes)) {
      return;
    }
    for (Reclaimer reclaimer : reclaimers) {
      reclaimer.reclaim(bytes);
    }
    if (!tryAcquire(bytes)) {
      awaitRelease(bytes);
    }
  }

  /** Gives {@code bytes} back. */
  public void release(long bytes) {
    if (used.addAndGet(-bytes) < 0) {
      throw new IllegalStateException("more memory given back than was taken");
    }
    if (waiters > 0) {
      lock.lock();
      try {
        released.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Waits a moment for somebody to give something back. */
  @SuppressWarnings({"NonAtomicVolatileUpdate", "WaitNotInLoop"}) // the caller looks again
  void awaitAnyRelease() {
    lock.lock();
    try {
      waiters++;
      boolean ignored = released.await(STALL_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      waiters--;
      lock.unlock();
    }
  }

  private boolean takeWithin(long bytes, long limit) {
    for (; ; ) {
      long now = used.get();
      if (now + bytes > limit && now != 0) {
        return false;
      }
      if (used.compareAndSet(now, now + bytes)) {
        return true;
      }
    }
  }

  @GuardedBy("lock")
  private boolean overdraw(long bytes) {
    long now = System.nanoTime();
    boolean isDue = now - lastOverdraftNanos >= TimeUnit.MILLISECONDS.toNanos(STALL_MILLIS);
    boolean taken = isDue && takeWithin(bytes, 2 * limitBytes);
    if (taken) {
      lastOverdraftNanos = now;
    }
    return taken;
  }

  // The JDK's GuardedBy has no word for "written under the lock, read without": waiters is such.
  @SuppressWarnings("NonAtomicVolatileUpdate")
  private void awaitRelease(long bytes) {
    boolean interrupted = false;
    lock.lock();
    try {
      waiters++;
      while (!tryAcquire(bytes)) {
        boolean stalled = false;
        try {
          stalled = !released.await(STALL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
        if (stalled && overdraw(bytes)) {
          return;
        }
      }
    } finally {
      waiters--;
      lock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
