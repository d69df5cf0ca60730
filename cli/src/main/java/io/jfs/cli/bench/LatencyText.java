package io.jfs.cli.bench;

import io.jfs.cli.watch.Screen;
import io.jfs.cli.watch.Screen.Style;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Latencies for people: a picture of how they are spread, and the usual numbers. */
public final class LatencyText {
  private static final double[] PERCENTS = {50, 75, 90, 95, 99, 99.9};
  private static final int BAR_COLUMNS = 40;

  private LatencyText() {}

  /** A duration with a unit that suits it: {@code 850 us}, {@code 1.25 ms}, {@code 3.10 s}. */
  public static String time(double nanos) {
    if (nanos < 1e6) {
      return String.format(Locale.ROOT, "%.0f us", nanos / 1e3);
    }
    return nanos < 1e9
        ? String.format(Locale.ROOT, nanos < 1e8 ? "%.2f ms" : "%.1f ms", nanos / 1e6)
        : String.format(Locale.ROOT, "%.2f s", nanos / 1e9);
  }

  /** As {@link #time(double)}. */
  public static String time(long nanos) {
    return time((double) nanos);
  }

  /** Milliseconds in few characters, without their unit: {@code 0.85}, {@code 2.5}, {@code 310}. */
  static String shortMillis(long nanos) {
    double millis = nanos / 1e6;
    String pattern = millis < 1 ? "%.2f" : millis < 100 ? "%.1f" : "%.0f";
    return String.format(Locale.ROOT, pattern, millis);
  }

  /** Least, average and greatest in one line, percentiles in the next. */
  public static String lines(Latencies latencies) {
    StringBuilder text = new StringBuilder();
    text.append("  min ").append(time(latencies.leastNanos()));
    text.append("  avg ").append(time(latencies.averageNanos()));
    text.append("  max ").append(time(latencies.greatestNanos()));
    text.append('\n');
    for (double percent : PERCENTS) {
      text.append("  ").append(name(percent)).append(' ');
      text.append(time(latencies.percentileNanos(percent)));
    }
    return text.append('\n').toString();
  }

  private static String name(double percent) {
    return percent == Math.rint(percent) ? "p" + (int) percent : "p" + percent;
  }

  /**
   * One line for each class of 1, 2, 5 x 10^n that has operations, with a bar for its share.
   * Colours tell the classes that the 90th and the 99th percentile lie beyond.
   */
  public static String histogram(Latencies latencies, Screen screen) {
    long total = latencies.count();
    if (total == 0) {
      return "";
    }
    Map<Long, Long> classes = classes(latencies);
    long most = classes.values().stream().mapToLong(n -> n).max().orElse(1);
    StringBuilder text = new StringBuilder();
    long[] before = new long[1];
    classes.forEach(
        (upperNanos, count) -> {
          int columns = (int) Math.ceil((double) count * BAR_COLUMNS / most);
          Style style = style((double) before[0] / total);
          before[0] += count;
          text.append(
              String.format(
                  Locale.ROOT,
                  "  < %9s %10d %6.2f%% |%s",
                  limit(upperNanos),
                  count,
                  100.0 * count / total,
                  columns == 0 ? "" : screen.styled(style, "#".repeat(columns))));
          text.append('\n');
        });
    return text.toString();
  }

  /** Of a class that begins behind so large a share of all operations. */
  private static Style style(double shareBefore) {
    return shareBefore < 0.9 ? Style.GREEN : shareBefore < 0.99 ? Style.YELLOW : Style.RED;
  }

  private static String limit(long nanos) {
    if (nanos >= 1_000_000_000L) {
      return nanos / 1_000_000_000L + " s";
    }
    return nanos >= 1_000_000L ? nanos / 1_000_000L + " ms" : nanos / 1000 + " us";
  }

  /** Counts by upper limit, from the first class with any to the last. */
  private static Map<Long, Long> classes(Latencies latencies) {
    Map<Long, Long> classes = new LinkedHashMap<>();
    long from = 0;
    long left = latencies.count();
    for (long ten = 1000; left > 0 && ten < Long.MAX_VALUE / 10; ten *= 10) {
      for (long step : new long[] {1, 2, 5}) {
        long to = ten * step;
        long count = latencies.countBetween(from, to);
        if (left > 0 && (count > 0 || !classes.isEmpty())) {
          classes.put(to, count);
        }
        left -= count;
        from = to;
      }
    }
    return classes;
  }

  /** The same numbers for a JSON document, in milliseconds. */
  public static Map<String, Object> json(Latencies latencies) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("min", millis(latencies.leastNanos()));
    json.put("avg", millis(latencies.averageNanos()));
    json.put("max", millis(latencies.greatestNanos()));
    for (double percent : PERCENTS) {
      json.put(name(percent), millis(latencies.percentileNanos(percent)));
    }
    return json;
  }

  private static double millis(long nanos) {
    return millis((double) nanos);
  }

  private static double millis(double nanos) {
    return Math.round(nanos / 1e3) / 1e3;
  }
}
