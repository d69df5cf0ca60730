package io.jfs.cli.metrics;

import io.jfs.vfs.CompletedOperation;
import io.jfs.vfs.OperationListener;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what the kernel asked for: by operation and by errno. Costs two additions an operation. */
public final class OperationCounts implements OperationListener {
  /**
   * Counts of one operation.
   *
   * @param calls how often
   * @param nanos how long in all
   */
  record Count(LongAdder calls, LongAdder nanos) {}

  private final ConcurrentMap<String, Count> byName = new ConcurrentHashMap<>();
  private final ConcurrentMap<Integer, LongAdder> byErrno = new ConcurrentHashMap<>();
  private final LongAdder readBytes = new LongAdder();
  private final LongAdder writtenBytes = new LongAdder();

  /** All zero. */
  public OperationCounts() {}

  @Override
  public void completed(CompletedOperation operation) {
    Count count = byName.computeIfAbsent(operation.name(), OperationCounts::newCount);
    count.calls.increment();
    count.nanos.add(operation.durationNanos());
    if (operation.errno() != 0) {
      byErrno.computeIfAbsent(operation.errno(), errno -> new LongAdder()).increment();
    }
    if (operation.transferredBytes() > 0) {
      (operation.name().equals("write") ? writtenBytes : readBytes)
          .add(operation.transferredBytes());
    }
  }

  private static Count newCount(String name) {
    return new Count(new LongAdder(), new LongAdder());
  }

  Map<String, Count> byName() {
    return byName;
  }

  Map<Integer, LongAdder> byErrno() {
    return byErrno;
  }

  LongAdder readBytes() {
    return readBytes;
  }

  LongAdder writtenBytes() {
    return writtenBytes;
  }
}
