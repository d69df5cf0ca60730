package io.jfs.vfs.virtual;

import io.jfs.vfs.Cancellation;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Who reads the log of operations, each with a queue of its own. Thread safe. */
public final class AccessLog {
  private static final int QUEUED_LINES = 10240;

  private final List<Reader> readers = new CopyOnWriteArrayList<>();
  private volatile boolean read;

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
    private volatile @Nullable Cancellation waiting;

    void add(byte[] line) {
      if (lines.offer(line)) {
        Cancellation waits = waiting;
        if (waits != null) {
          waits.wake();
        }
      }
    }

    byte @Nullable [] poll() {
      return lines.poll();
    }

    boolean isEmpty() {
      return lines.isEmpty();
    }

    /** {@code cancellation} is woken by the next line; null: nobody waits any more. */
    void wakes(@Nullable Cancellation cancellation) {
      waiting = cancellation;
    }
  }
}
