package io.jfs.chunk.slice;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where those wait whom the object store refused. A pause ends when its time is over or, earlier,
 * when the store answers again after it was seen not to: so that long pauses of a long outage cost
 * no time once it is over.
 */
final class StoreHealth {
  private static final Logger log = LoggerFactory.getLogger(StoreHealth.class);

  private static final long LONG_PROBE_NANOS = Duration.ofMillis(500).toNanos();

  /** Asks the store something cheap; throws while it does not answer. */
  @FunctionalInterface
  interface Probe {
    void run() throws IOException;
  }

  /** How a pause ended. */
  enum Wake {
    /** Its time was over. */
    TIME_OVER,
    /** The store is back. */
    RECOVERED
  }

  private final Probe probe;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private boolean down;

  @GuardedBy("lock")
  private long recoveries;

  @GuardedBy("lock")
  private boolean closed;

  private final Set<Runnable> listeners = new CopyOnWriteArraySet<>();
  private volatile int waiters;

  StoreHealth(Probe probe) {
    this.probe = probe;
  }

  /** To be called every half second or so: asks the store, if somebody waits. */
  void probeIfAwaited() {
    if (waiters == 0 && listeners.isEmpty()) {
      return;
    }
    long start = System.nanoTime();
    if (!probe() && System.nanoTime() - start > LONG_PROBE_NANOS) {
      boolean ignored = probe(); // what hung was broken off, maybe because the store is back
    }
  }

  private boolean probe() {
    try {
      probe.run();
      up();
      return true;
    } catch (IOException | RuntimeException e) {
      down(e);
      return false;
    }
  }

  /**
   * Has {@code listener} run whenever the store answers again after it was seen not to; until
   * {@link #removeListener}. For those who wait elsewhere. Each may be added once.
   */
  void addListener(Runnable listener) {
    listeners.add(listener);
  }

  void removeListener(Runnable listener) {
    listeners.remove(listener);
  }

  /** Waits for {@code pause} or until the store is back. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock only
  Wake await(Duration pause) throws IOException {
    long left = pause.toNanos();
    lock.lock();
    try {
      waiters++;
      long seen = recoveries;
      while (left > 0 && !closed) {
        left = changed.awaitNanos(left);
        if (recoveries != seen) {
          return Wake.RECOVERED;
        }
      }
      if (closed) {
        throw new IOException("object store is closed");
      }
      return Wake.TIME_OVER;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    } finally {
      waiters--;
      lock.unlock();
    }
  }

  /** Wakes everybody up, so that those whose work was given up notice. */
  void wakeAll() {
    lock.lock();
    try {
      recoveries++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** No more waiting: ends every pause with an exception. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void up() {
    lock.lock();
    try {
      if (!down) {
        return;
      }
      log.info("object store answers again");
      down = false;
      recoveries++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    listeners.forEach(Runnable::run);
  }

  private void down(Exception trouble) {
    lock.lock();
    try {
      if (!down) {
        log.warn("object store does not answer, waiting for it: {}", trouble.toString());
        down = true;
      }
    } finally {
      lock.unlock();
    }
  }
}
