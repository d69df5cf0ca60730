package io.jfs.vfs.virtual;

import io.jfs.meta.model.Caller;
import io.jfs.vfs.Cancellation;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who reads the log of operations, each with a queue of its own; the slowest operations, and those
 * under way. Thread safe.
 */
public final class AccessLog {
  /** Operations that wait for one reader. */
  static final int QUEUED = 10240;

  private static final long AGING_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final InstantSource clock;
  private final ZoneId zone;
  private final List<Reader> readers = new CopyOnWriteArrayList<>();
  private final SlowOperations slow = new SlowOperations();
  private final AtomicLong agedNanos = new AtomicLong(System.nanoTime());
  private volatile boolean read;
  private volatile Supplier<Collection<RunningOperation>> running = List::of;

  /** A log with times of day in {@code zone}. */
  public AccessLog(InstantSource clock, ZoneId zone) {
    this.clock = clock;
    this.zone = zone;
  }

  /** The time of day for a line. */
  LocalDateTime now() {
    return LocalDateTime.ofInstant(clock.instant(), zone);
  }

  /** {@code source} knows what is under way. */
  void observes(Supplier<Collection<RunningOperation>> source) {
    running = source;
  }

  /** What each thread does. */
  Collection<RunningOperation> running() {
    return running.get();
  }

  /** The slowest operations of the last minutes, the slowest first. */
  List<EndedOperation> slowest() {
    return slow.slowest(now());
  }

  /** Whether anybody reads. */
  public boolean isRead() {
    return read;
  }

  /** Whether {@link #add} has a use for an operation that took so long. */
  boolean isWanted(long durationNanos) {
    return read || slow.isWanted(durationNanos);
  }

  /** An operation has ended. Gives it to everybody who reads; who is too slow misses it. */
  void add(EndedOperation operation) {
    for (Reader reader : readers) {
      reader.add(operation);
    }
    ageNowAndThen(operation.time());
    slow.add(operation);
  }

  private void ageNowAndThen(LocalDateTime now) {
    long last = agedNanos.get();
    long current = System.nanoTime();
    if (current - last > AGING_NANOS && agedNanos.compareAndSet(last, current)) {
      slow.age(now);
    }
  }

  /** Stands in for operations that a reader missed. */
  EndedOperation dropped(long count) {
    LogLine line = new LogLine("dropped").args(count);
    return new EndedOperation(now(), Operation.DROPPED, Caller.ROOT, line, "OK", 0, new long[0]);
  }

  synchronized Reader open() {
    Reader reader = new Reader();
    readers.add(reader);
    read = true;
    return reader;
  }

  synchronized void close(Reader reader) {
    readers.remove(reader);
    read = !readers.isEmpty();
  }

  /** One reader's operations. */
  static final class Reader {
    private final ArrayBlockingQueue<EndedOperation> operations = new ArrayBlockingQueue<>(QUEUED);
    private final AtomicLong dropped = new AtomicLong();
    private volatile @Nullable Cancellation waiting;

    void add(EndedOperation operation) {
      if (operations.offer(operation)) {
        Cancellation waits = waiting;
        if (waits != null) {
          waits.wake();
        }
      } else {
        dropped.incrementAndGet();
      }
    }

    @Nullable EndedOperation poll() {
      return operations.poll();
    }

    boolean isEmpty() {
      return operations.isEmpty();
    }

    /** How many operations this reader has missed since the last time that it was asked. */
    long takeDropped() {
      return dropped.get() == 0 ? 0 : dropped.getAndSet(0);
    }

    /** {@code cancellation} is woken by the next operation; null: nobody waits any more. */
    void wakes(@Nullable Cancellation cancellation) {
      waiting = cancellation;
    }
  }
}
