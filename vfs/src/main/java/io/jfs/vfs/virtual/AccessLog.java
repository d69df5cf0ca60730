package io.jfs.vfs.virtual;

import io.jfs.meta.model.Caller;
import io.jfs.vfs.Cancellation;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Who reads the log of operations, each with a queue of its own. Thread safe. */
public final class AccessLog {
  /** Lines that wait for one reader. */
  static final int QUEUED_LINES = 10240;

  private final InstantSource clock;
  private final ZoneId zone;
  private final List<Reader> readers = new CopyOnWriteArrayList<>();
  private volatile boolean read;

  /** A log with times of day in {@code zone}. */
  public AccessLog(InstantSource clock, ZoneId zone) {
    this.clock = clock;
    this.zone = zone;
  }

  /** The time of day for a line. */
  LocalDateTime now() {
    return LocalDateTime.ofInstant(clock.instant(), zone);
  }

  /** Stands in for lines that a reader missed. */
  byte[] droppedLine(long count) {
    return new LogLine("dropped").args(count).finish(now(), Caller.ROOT, "OK", 0);
  }

  /** Whether anybody reads: if not, lines need not be made. */
  public boolean isRead() {
    return read;
  }

  /** Gives a line, with its line feed, to everybody who reads; who is too slow misses it. */
  public void add(byte[] line) {
    for (Reader reader : readers) {
      reader.add(line);
    }
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

  /** One reader's lines. */
  static final class Reader {
    private final ArrayBlockingQueue<byte[]> lines = new ArrayBlockingQueue<>(QUEUED_LINES);
    private final AtomicLong dropped = new AtomicLong();
    private volatile @Nullable Cancellation waiting;

    void add(byte[] line) {
      if (lines.offer(line)) {
        Cancellation waits = waiting;
        if (waits != null) {
          waits.wake();
        }
      } else {
        dropped.incrementAndGet();
      }
    }

    byte @Nullable [] poll() {
      return lines.poll();
    }

    boolean isEmpty() {
      return lines.isEmpty();
    }

    /** How many lines this reader has missed since the last time that it was asked. */
    long takeDropped() {
      return dropped.get() == 0 ? 0 : dropped.getAndSet(0);
    }

    /** {@code cancellation} is woken by the next line; null: nobody waits any more. */
    void wakes(@Nullable Cancellation cancellation) {
      waiting = cancellation;
    }
  }
}
