package io.jfs.vfs.virtual;

import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Errno;
import io.jfs.vfs.Request;
import io.jfs.vfs.stats.OperationStats;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where every operation is reported when it begins and ends, by the thread that serves it. Counted
 * always; made into a line only when somebody reads the log, or when it was slow. Durations are
 * those that the caller sees: from the request's arrival on.
 */
public final class OperationLog {
  private static final Logger log = LoggerFactory.getLogger(OperationLog.class);
  private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final AccessLog readers;
  private final OperationStats stats;
  private final Set<RunningOperation> threads = ConcurrentHashMap.newKeySet();
  private final ThreadLocal<RunningOperation> running = ThreadLocal.withInitial(this::newThread);

  /** Adds arguments and answer to a line; the answer is null while there is none. */
  @FunctionalInterface
  public interface Describer<T> {
    /** Returns {@code line}. */
    LogLine describe(LogLine line, @Nullable T answer);
  }

  /** Reports to {@code readers} and counts in {@code stats}. */
  public OperationLog(AccessLog readers, OperationStats stats) {
    this.readers = readers;
    this.stats = stats;
    readers.observes(this::running);
  }

  private RunningOperation newThread() {
    RunningOperation made = new RunningOperation();
    threads.removeIf(RunningOperation::isThreadGone);
    threads.add(made);
    return made;
  }

  /** What is under way. */
  private Collection<RunningOperation> running() {
    return threads;
  }

  /** The counts. */
  public OperationStats stats() {
    return stats;
  }

  /** The calling thread begins an operation. */
  public void begun(Operation operation, Request request, Describer<?> describer) {
    running.get().begin(operation, request, describer);
  }

  /** The calling thread's operation has ended, and leaves no trace. */
  public void forgotten() {
    RunningOperation.Task unused = running.get().end();
  }

  /**
   * The calling thread's operation has ended.
   *
   * @param answer what it answered; null if it failed
   * @param failure null if it ended well
   */
  public <T> void ended(Describer<T> describer, @Nullable T answer, @Nullable Errno failure) {
    RunningOperation thread = running.get();
    RunningOperation.Task task = thread.end();
    Operation operation = task.operation();
    long durationNanos = task.nanosSinceArrival();
    stats.ended(operation, durationNanos);
    if (failure != null) {
      stats.failed(failure);
    }
    Caller caller = task.request().caller();
    boolean slow = durationNanos >= SLOW_NANOS && caller.pid() != 0;
    if (!slow && !readers.isWanted(durationNanos)) {
      return;
    }
    String status = failure == null ? "OK" : failure.text();
    LogLine line = describer.describe(new LogLine(operation), answer);
    if (slow) {
      log.info("slow operation: {}", line.body(status, durationNanos));
    }
    readers.add(
        new EndedOperation(
            readers.now(), operation, caller, line, status, durationNanos, thread.waits().copy()));
  }
}
