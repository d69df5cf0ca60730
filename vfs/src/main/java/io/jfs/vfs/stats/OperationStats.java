package io.jfs.vfs.stats;

import static io.jfs.vfs.stats.Metric.counter;
import static io.jfs.vfs.stats.Metric.histogram;

import io.jfs.meta.model.Errno;
import io.jfs.vfs.virtual.Operation;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** Counts operations, the time they take, their errors and sizes. Thread safe and cheap. */
public final class OperationStats implements StatsSource {
  private static final Metric COUNT = counter("fuse_ops_total", "Operations of the kernel.");
  private static final Metric SECONDS =
      counter("fuse_ops_durations_seconds", "Time that operations of the kernel took.");
  private static final Metric ALL =
      histogram("fuse_ops_durations_histogram_seconds", "Latency of operations of the kernel.");
  private static final Metric ERRORS =
      counter("fuse_ops_io_errors", "Operations that were refused or failed.");
  private static final Metric READ =
      histogram("fuse_read_size_bytes", "Bytes that a read answered.");
  private static final Metric WRITTEN =
      histogram("fuse_written_size_bytes", "Bytes that a write took.");

  private final Map<Operation, LongAdder> counts = adders(Operation.class);
  private final Map<Operation, LongAdder> nanos = adders(Operation.class);
  private final Map<Errno, LongAdder> errors = adders(Errno.class);
  private final Histogram all = Histogram.seconds(1e-5, 1.8, 29);
  private final Histogram readBytes = Histogram.bytes(4096, 32);
  private final Histogram writtenBytes = Histogram.bytes(4096, 32);

  private static <E extends Enum<E>> Map<E, LongAdder> adders(Class<E> keys) {
    Map<E, LongAdder> adders = new EnumMap<>(keys);
    for (E key : EnumSet.allOf(keys)) {
      adders.put(key, new LongAdder());
    }
    return Collections.unmodifiableMap(adders);
  }

  private static <E extends Enum<E>> LongAdder adder(Map<E, LongAdder> adders, E key) {
    return Objects.requireNonNull(adders.get(key));
  }

  /** An operation has ended. */
  public void ended(Operation operation, long durationNanos) {
    adder(counts, operation).increment();
    adder(nanos, operation).add(durationNanos);
    all.observe(durationNanos);
  }

  /** An operation, which is counted too, was refused or failed. */
  public void failed(Errno errno) {
    adder(errors, errno).increment();
  }

  /** A read has answered so many bytes. */
  public void read(int bytes) {
    readBytes.observe(bytes);
  }

  /** A write has taken so many bytes. */
  public void written(int bytes) {
    writtenBytes.observe(bytes);
  }

  @Override
  public void collect(Sink sink) {
    for (Operation operation : Operation.values()) {
      long count = adder(counts, operation).sum();
      if (count > 0) {
        sink.count(COUNT, count, "method", operation.text());
        sink.value(SECONDS, adder(nanos, operation).sum() / 1e9, "method", operation.text());
      }
    }
    sink.histogram(ALL, all.observed());
    for (Errno errno : Errno.values()) {
      long count = adder(errors, errno).sum();
      if (count > 0) {
        sink.count(ERRORS, count, "errno", errno.name());
      }
    }
    sink.histogram(READ, readBytes.observed());
    sink.histogram(WRITTEN, writtenBytes.observed());
  }
}
