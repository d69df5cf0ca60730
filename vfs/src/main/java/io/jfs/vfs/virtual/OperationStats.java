package io.jfs.vfs.virtual;

import io.jfs.meta.model.Errno;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** Counts operations, the time they take, their errors and sizes. Thread safe and cheap. */
public final class OperationStats implements StatsSource {
  private final Map<Operation, LongAdder> counts = adders(Operation.class);
  private final Map<Operation, LongAdder> nanos = adders(Operation.class);
  private final Map<Errno, LongAdder> errors = adders(Errno.class);
  private final LongAdder reads = new LongAdder();
  private final LongAdder readBytes = new LongAdder();
  private final LongAdder writes = new LongAdder();
  private final LongAdder writtenBytes = new LongAdder();

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
  }

  /** An operation, which is counted too, was refused or failed. */
  public void failed(Errno errno) {
    adder(errors, errno).increment();
  }

  /** A read has answered so many bytes. */
  public void read(int bytes) {
    reads.increment();
    readBytes.add(bytes);
  }

  /** A write has taken so many bytes. */
  public void written(int bytes) {
    writes.increment();
    writtenBytes.add(bytes);
  }

  @Override
  public void collect(Sink sink) {
    long allCounts = 0;
    long allNanos = 0;
    for (Operation operation : Operation.values()) {
      long count = adder(counts, operation).sum();
      long time = adder(nanos, operation).sum();
      allCounts += count;
      allNanos += time;
      if (count > 0) {
        sink.count("fuse_ops_total_" + operation.text(), count);
        sink.value("fuse_ops_durations_seconds_" + operation.text(), time / 1e9);
      }
    }
    sink.count("fuse_ops_durations_histogram_seconds_total", allCounts);
    sink.value("fuse_ops_durations_histogram_seconds_sum", allNanos / 1e9);
    for (Errno errno : Errno.values()) {
      long count = adder(errors, errno).sum();
      if (count > 0) {
        sink.count("fuse_ops_io_errors_" + errno.name(), count);
      }
    }
    sink.count("fuse_read_size_bytes_total", reads.sum());
    sink.count("fuse_read_size_bytes_sum", readBytes.sum());
    sink.count("fuse_written_size_bytes_total", writes.sum());
    sink.count("fuse_written_size_bytes_sum", writtenBytes.sum());
  }
}
