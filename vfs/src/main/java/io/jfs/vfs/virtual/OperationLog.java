package io.jfs.vfs.virtual;

import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.Ino;
import io.jfs.vfs.Request;
import io.jfs.vfs.stats.OperationStats;
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
  private final ThreadLocal<RunningOperation> running =
      ThreadLocal.withInitial(RunningOperation::new);

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
  }

  /** The counts. */
  public OperationStats stats() {
    return stats;
  }

  /** Whether reading this file shows the log: its reads are not logged themselves. */
  public boolean isLog(Ino ino) {
    return ino.equals(AccessLogFile.INO);
  }

  /** The calling thread begins an operation. */
  public void begun(Operation operation, Request request) {
    running.get().begin(operation, request);
  }

  /** The calling thread's operation has ended, and leaves no trace. */
  public void forgotten() {
    running.get().end();
  }

  /**
   * The calling thread's operation has ended.
   *
   * @param answer what it answered; null if it failed
   * @param failure null if it ended well
   */
  public <T> void ended(Describer<T> describer, @Nullable T answer, @Nullable Errno failure) {
    RunningOperation ended = running.get();
    Operation operation = ended.operation();
    Caller caller = ended.caller();
    long durationNanos = System.nanoTime() - ended.arrivedNanos();
    ended.end();
    stats.ended(operation, durationNanos);
    if (failure != null) {
      stats.failed(failure);
    }
    boolean slow = durationNanos >= SLOW_NANOS && caller.pid() != 0;
    if (!slow && !readers.isRead()) {
      return;
    }
    String status = failure == null ? "OK" : failure.text();
    LogLine line = describer.describe(new LogLine(operation), answer);
    if (slow) {
      log.info("slow operation: {}", line.body(status, durationNanos));
    }
    if (readers.isRead()) {
      readers.add(line.finish(readers.now(), caller, status, durationNanos));
    }
  }
}
