package io.jfs.vfs.virtual;

import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Errno;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where every operation is reported when it ends: counted always; made into a line only when
 * somebody reads the log, or when it was slow.
 */
public final class OperationLog {
  private static final Logger log = LoggerFactory.getLogger(OperationLog.class);
  private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final AccessLog readers;
  private final OperationStats stats;
  private final InstantSource clock;
  private final ZoneId zone;

  /** A log with times of day in {@code zone}. */
  public OperationLog(AccessLog readers, OperationStats stats, InstantSource clock, ZoneId zone) {
    this.readers = readers;
    this.stats = stats;
    this.clock = clock;
    this.zone = zone;
  }

  /** The counts. */
  public OperationStats stats() {
    return stats;
  }

  /**
   * An operation has ended.
   *
   * @param failure null if it ended well
   * @param line makes the line, up to the arguments and results
   */
  public void ended(
      Operation operation,
      Caller caller,
      long durationNanos,
      @Nullable Errno failure,
      Supplier<LogLine> line) {
    stats.ended(operation, durationNanos);
    if (failure != null) {
      stats.failed(failure);
    }
    boolean slow = durationNanos >= SLOW_NANOS && caller.pid() != 0;
    if (!slow && !readers.isRead()) {
      return;
    }
    String status = failure == null ? "OK" : failure.text();
    LogLine made = line.get();
    if (slow) {
      log.info("slow operation: {}", made.body(status, durationNanos));
    }
    if (readers.isRead()) {
      readers.add(made.finish(clock.instant(), zone, caller, status, durationNanos));
    }
  }
}
