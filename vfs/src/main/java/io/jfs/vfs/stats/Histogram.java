package io.jfs.vfs.stats;

import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/** Counts observations by size. Observing allocates nothing and takes no lock. Thread safe. */
public final class Histogram {
  private static final double NANOS_PER_SECOND = 1e9;

  private final double unit;
  private final long[] bounds;
  private final LongAdder[] counts;
  private final LongAdder sum = new LongAdder();

  private Histogram(double unit, double[] bounds) {
    this.unit = unit;
    this.bounds = Arrays.stream(bounds).mapToLong(bound -> Math.round(bound * unit)).toArray();
    this.counts = new LongAdder[bounds.length + 1];
    Arrays.setAll(counts, i -> new LongAdder());
  }

  /**
   * Of durations, observed in nanoseconds and shown in seconds; each bucket is wider than the last.
   */
  public static Histogram seconds(double first, double factor, int buckets) {
    return new Histogram(NANOS_PER_SECOND, exponential(first, factor, buckets));
  }

  /** Of sizes in bytes; each bucket is wider than the last. */
  public static Histogram bytes(double first, double factor, int buckets) {
    return new Histogram(1, exponential(first, factor, buckets));
  }

  /** Of sizes in bytes, in buckets of one width. */
  public static Histogram bytes(long width, int buckets) {
    double[] bounds = new double[buckets];
    Arrays.setAll(bounds, i -> (double) width * (i + 1));
    return new Histogram(1, bounds);
  }

  private static double[] exponential(double first, double factor, int buckets) {
    double[] bounds = new double[buckets];
    double bound = first;
    for (int i = 0; i < buckets; i++) {
      bounds[i] = bound;
      bound *= factor;
    }
    return bounds;
  }

  /** Takes one observation: nanoseconds or bytes. */
  public void observe(long value) {
    int found = Arrays.binarySearch(bounds, value);
    counts[found >= 0 ? found : -found - 1].increment();
    sum.add(value);
  }

  /**
   * What was observed so far.
   *
   * @param bounds upper bounds of the buckets, inclusive, in seconds or bytes
   * @param cumulated how many observations are within each bound
   * @param count how many there are
   * @param sum their sum in seconds or bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // a value that is made to be printed
  public record Observed(double[] bounds, long[] cumulated, long count, double sum) {}

  /** What was observed so far. */
  public Observed observed() {
    long[] cumulated = new long[bounds.length];
    long count = 0;
    for (int i = 0; i < bounds.length; i++) {
      count += counts[i].sum();
      cumulated[i] = count;
    }
    count += counts[bounds.length].sum();
    double[] shown = Arrays.stream(bounds).mapToDouble(bound -> bound / unit).toArray();
    return new Observed(shown, cumulated, count, sum.sum() / unit);
  }
}
