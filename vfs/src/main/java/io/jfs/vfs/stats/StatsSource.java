package io.jfs.vfs.stats;

/** Something that is measured, and shown in {@code .stats} and to Prometheus. */
@FunctionalInterface
public interface StatsSource {
  /** Takes current values. */
  interface Sink {
    /**
     * One value of a counter or gauge.
     *
     * @param labels names and values in turn: {@code "method", "create"}
     */
    void value(Metric metric, double value, String... labels);

    /** One value that is a whole number; labels as for {@link #value}. */
    default void count(Metric metric, long value, String... labels) {
      value(metric, (double) value, labels);
    }

    /** One series of a histogram. */
    void histogram(Metric metric, Histogram.Observed observed, String... labels);
  }

  /** Gives all its current values to {@code sink}. */
  void collect(Sink sink);
}
