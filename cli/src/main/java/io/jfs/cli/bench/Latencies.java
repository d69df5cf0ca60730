package io.jfs.cli.bench;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long operations took: counts in classes whose width is at most 1/32 of their value, so that
 * every percentile is right within 3 percent; least, greatest and average are exact. Thread safe;
 * takes no memory per operation.
 */
public final class Latencies {
  private static final int STEPS = 32;
  private static final int STEP_BITS = 5;
  private static final int CLASSES = (Long.SIZE - STEP_BITS) * STEPS;

  private final AtomicLongArray counts = new AtomicLongArray(CLASSES);
  private final LongAdder sum = new LongAdder();
  private final LongAdder number = new LongAdder();
  private final LongAccumulator least = new LongAccumulator(Math::min, Long.MAX_VALUE);
  private final LongAccumulator greatest = new LongAccumulator(Math::max, 0);

  /** Counts an operation. */
  public void add(long nanos) {
    long value = Math.max(0, nanos);
    counts.incrementAndGet(classOf(value));
    sum.add(value);
    number.increment();
    least.accumulate(value);
    greatest.accumulate(value);
  }

  /** Counts all that another has. */
  public void addAll(Latencies other) {
    for (int i = 0; i < CLASSES; i++) {
      counts.addAndGet(i, other.counts.get(i));
    }
    sum.add(other.sum.sum());
    number.add(other.number.sum());
    if (other.count() > 0) {
      least.accumulate(other.leastNanos());
      greatest.accumulate(other.greatestNanos());
    }
  }

  /** How many operations. */
  public long count() {
    return number.sum();
  }

  /** The shortest; 0 without any. */
  public long leastNanos() {
    return count() == 0 ? 0 : least.get();
  }

  /** The longest; 0 without any. */
  public long greatestNanos() {
    return greatest.get();
  }

  /** The average; 0 without any. */
  public double averageNanos() {
    return count() == 0 ? 0 : (double) sum.sum() / count();
  }

  /** The time within which {@code percent} of the operations ended. */
  public long percentileNanos(double percent) {
    long wanted = (long) Math.ceil(count() * percent / 100);
    long seen = 0;
    for (int i = 0; i < CLASSES; i++) {
      seen += counts.get(i);
      if (seen >= wanted && seen > 0) {
        return Math.max(leastNanos(), Math.min(upperEnd(i), greatestNanos()));
      }
    }
    return 0;
  }

  /** How many operations took from {@code from} (inclusive) to {@code to} (exclusive). */
  public long countBetween(long fromNanos, long toNanos) {
    long found = 0;
    for (int i = classOf(fromNanos); i < CLASSES && lowerEnd(i) < toNanos; i++) {
      found += lowerEnd(i) >= fromNanos ? counts.get(i) : 0;
    }
    return found;
  }

  /** Values below {@link #STEPS} have classes of their own; then each power of two has 32. */
  private static int classOf(long value) {
    if (value < STEPS) {
      return (int) value;
    }
    int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(value) - STEP_BITS;
    return (exponent + 1) * STEPS + (int) (value >>> exponent) - STEPS;
  }

  private static long lowerEnd(int index) {
    int exponent = index / STEPS - 1;
    return exponent < 0 ? index : (long) (index % STEPS + STEPS) << exponent;
  }

  private static long upperEnd(int index) {
    return index + 1 >= CLASSES ? Long.MAX_VALUE : lowerEnd(index + 1) - 1;
  }
}
