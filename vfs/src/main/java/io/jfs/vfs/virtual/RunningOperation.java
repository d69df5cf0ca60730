package io.jfs.vfs.virtual;

import io.jfs.vfs.Request;
import io.jfs.vfs.stats.Waits;
import io.jfs.vfs.virtual.OperationLog.Describer;
import org.jspecify.annotations.Nullable;

/**
 * What one thread is doing now; one object per thread, used again for each operation. Its thread
 * writes; others may look.
 */
final class RunningOperation {
  private final Thread thread = Thread.currentThread();
  private final Waits waits = Waits.current();
  private volatile @Nullable Task task;

  /** An operation under way. */
  record Task(Operation operation, Request request, Describer<?> describer) {
    long nanosSinceArrival() {
      return System.nanoTime() - request.arrivedNanos();
    }

    /** What was asked. */
    LogLine line() {
      return describer.describe(new LogLine(operation), null);
    }
  }

  void begin(Operation operation, Request request, Describer<?> describer) {
    waits.reset();
    waits.add(Waits.Kind.QUEUE, System.nanoTime() - request.arrivedNanos());
    task = new Task(operation, request, describer);
  }

  /** The operation ends. */
  Task end() {
    Task ended = task;
    task = null;
    if (ended == null) {
      throw new IllegalStateException("no operation runs on this thread");
    }
    return ended;
  }

  /** What runs; null if nothing does. */
  @Nullable Task task() {
    return task;
  }

  Waits waits() {
    return waits;
  }

  boolean isThreadGone() {
    return !thread.isAlive();
  }
}
