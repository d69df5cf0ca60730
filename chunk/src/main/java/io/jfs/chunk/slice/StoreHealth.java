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
 * no time once it is over. A store may answer the probe and still refuse data; so every second one
 * of those who wait tries its own request, and wakes the others if that goes through.
 */
final class StoreHealth {
  private static final Logger log = LoggerFactory.getLogger(StoreHealth.class);

  private static final long LONG_PROBE_NANOS = Duration.ofMillis(500).toNanos();
  private static final long TURN_NANOS = Duration.ofSeconds(1).toNanos();

  /** Asks the store something cheap; throws while it does not answer. */
  @FunctionalInterface
  interface Probe {
    void run() throws IOException;
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

  @GuardedBy("lock")
  private long lastTurnNanos;

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

  /**
   * Waits for {@code pause}; less when the store is back, or it is this one's turn to try.
   *
   * @return what is left of the pause: zero when it was waited to its end
   */
  @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock only
  Duration await(Duration pause) throws IOException {
    lock.lock();
    try {
      if (waiters == 0) {
        lastTurnNanos = System.nanoTime();
      }
      waiters++;
      long end = System.nanoTime() + pause.toNanos();
      long seen = recoveries;
      while (recoveries == seen && !closed && end - System.nanoTime() > 0) {
        long now = System.nanoTime();
        long turn = lastTurnNanos + TURN_NANOS - now;
        if (turn <= 0) {
          lastTurnNanos = now;
          break;
        }
        long unused = changed.awaitNanos(Math.min(end - now, turn));
      }
      if (closed) {
        throw new IOException("object store is closed");
      }
      return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    } finally {
      waiters--;
      lock.unlock();
    }
  }

  /** A request went through that had failed before: others may follow. */
  void wentThrough() {
    wakeAll();
    listeners.forEach(Runnable::run);
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
