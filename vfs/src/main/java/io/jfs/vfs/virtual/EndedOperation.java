package io.jfs.vfs.virtual;

import io.jfs.meta.model.Caller;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;

/**
 * An operation that has ended, as the logs show it.
 *
 * @param time of day when it ended
 * @param line what was asked and answered
 * @param status {@code OK} or the text of its errno
 * @param durationNanos from its arrival on
 * @param waitNanos how much of that it waited, by {@link io.jfs.vfs.stats.Waits.Kind}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record EndedOperation(
    LocalDateTime time,
    Operation operation,
    Caller caller,
    LogLine line,
    String status,
    long durationNanos,
    long[] waitNanos) {
  /** Its line in {@code .accesslog}. */
  byte[] text() {
    return line.finish(time, caller, status, durationNanos).getBytes(StandardCharsets.UTF_8);
  }
}
