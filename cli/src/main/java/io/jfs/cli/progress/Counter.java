package io.jfs.cli.progress;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * How far one kind of work has come: so many of a total, or so many if nobody knows how many there
 * will be. Threads may count at once; counting costs next to nothing.
 */
public final class Counter {
  private static final long UNKNOWN = -1;

  private final String label;
  private final Unit unit;
  private final LongSupplier nanoTime;
  private final long startNanos;
  private final LongAdder count = new LongAdder();
  private volatile long total;
  private volatile long endNanos;
  private volatile boolean ended;

  private Counter(String label, Unit unit, long total, LongSupplier nanoTime) {
    this.label = label;
    this.unit = unit;
    this.total = total;
    this.nanoTime = nanoTime;
    this.startNanos = nanoTime.getAsLong();
  }

  static Counter towards(String label, Unit unit, long total, LongSupplier nanoTime) {
    return new Counter(label, unit, Math.max(total, 0), nanoTime);
  }

  static Counter open(String label, Unit unit, LongSupplier nanoTime) {
    return new Counter(label, unit, UNKNOWN, nanoTime);
  }

  /** One more. */
  public void increment() {
    count.increment();
  }

  /** So many more; negative when something is counted out again. */
  public void add(long more) {
    count.add(more);
  }

  /** So many by now, for a source that tells sums; only one thread may do so. */
  public void set(long value) {
    count.add(value - count.sum());
  }

  /** The total is so many: makes a bar of a spinner. */
  public void total(long newTotal) {
    total = Math.max(newTotal, 0);
  }

  /** There is no more to come: the time and the rate stand still. Once is enough. */
  public void end() {
    if (!ended) {
      endNanos = nanoTime.getAsLong();
      ended = true;
    }
  }

  /** How many there are by now. */
  public long value() {
    return count.sum();
  }

  /** What was counted, how many, in which time: one line for a log. */
  public String summary() {
    return new ProgressLine(snapshot()).summary();
  }

  Snapshot snapshot() {
    long nanos = (ended ? endNanos : nanoTime.getAsLong()) - startNanos;
    return new Snapshot(label, unit, count.sum(), total, nanos, ended);
  }

  /** A counter at one moment. */
  record Snapshot(
      String label, Unit unit, long value, long total, long elapsedNanos, boolean ended) {
    boolean hasTotal() {
      return total != UNKNOWN;
    }

    double perSecond() {
      return elapsedNanos <= 0 ? 0 : value * 1e9 / elapsedNanos;
    }
  }
}
