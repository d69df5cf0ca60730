package io.jfs.cli.watch;

import io.jfs.cli.watch.Screen.Style;
import java.util.Locale;

/**
 * A column of {@code jfs stats}.
 *
 * @param title at most five characters
 * @param metric of {@code .stats}; of a histogram without {@code _total} and {@code _sum}
 * @param kind how it becomes a number
 */
record Column(String title, String metric, Kind kind) {
  private static final int WIDTH = 5;
  private static final double LEAST_WITH_UNIT = 10_000;
  private static final String UNITS = "BKMGTPE";
  private static final Style[] UNIT_STYLES = {Style.RED, Style.YELLOW, Style.GREEN};

  /** How a column's number is made of what {@code .stats} has. */
  enum Kind {
    /** CPU seconds, as a share of the time that has passed. */
    CPU,
    /** Bytes now. */
    BYTES_NOW,
    /** Bytes per second. */
    BYTES,
    /** Events per second. */
    EVENTS,
    /** Observations of a histogram per second. */
    OBSERVATIONS,
    /** Mean of a histogram of seconds, in milliseconds. */
    LATENCY
  }

  /** The value as five characters, with a blank or unit at the end. */
  String shown(Screen screen, Sample before, Sample now, double seconds) {
    return switch (kind) {
      case CPU -> percent(screen, 100 * delta(before, now, metric) / seconds);
      case BYTES_NOW -> amount(screen, now.of(metric), 1024, true);
      case BYTES -> amount(screen, delta(before, now, metric) / seconds, 1024, true);
      case EVENTS -> amount(screen, delta(before, now, metric) / seconds, 1000, false);
      case OBSERVATIONS ->
          amount(screen, delta(before, now, metric + "_total") / seconds, 1000, false);
      case LATENCY -> latency(screen, before, now);
    };
  }

  private static double delta(Sample before, Sample now, String name) {
    return Math.max(0, now.of(name) - before.of(name));
  }

  private String latency(Screen screen, Sample before, Sample now) {
    double count = delta(before, now, metric + "_total");
    if (count == 0) {
      return zero(screen);
    }
    double millis = 1000 * delta(before, now, metric + "_sum") / count;
    Style style = millis < 10 ? Style.GREEN : millis < 100 ? Style.YELLOW : Style.RED;
    return screen.styled(style, fourDigits(millis) + " ");
  }

  private static String percent(Screen screen, double percent) {
    String digits = String.format(Locale.ROOT, percent < 1000 ? "%4.1f" : "%4.0f", percent);
    Style style = percent < 0.05 ? Style.PLAIN : percent < 100 ? Style.GREEN : Style.YELLOW;
    return screen.styled(style, digits) + screen.styled(Style.DIM, "%");
  }

  private static String fourDigits(double value) {
    String format = value < 10 ? "%4.2f" : value < 100 ? "%4.1f" : "%4.0f";
    return String.format(Locale.ROOT, format, value);
  }

  private static String zero(Screen screen) {
    return screen.styled(Style.DIM, "   0 ");
  }

  private static String amount(Screen screen, double value, int step, boolean bytes) {
    double rest = Math.floor(value);
    if (rest == 0) {
      return zero(screen);
    }
    int unit = 0;
    while (rest >= LEAST_WITH_UNIT && unit < UNITS.length() - 1) {
      rest = Math.floor(rest / step);
      unit++;
    }
    String digits = String.format(Locale.ROOT, "%4.0f", rest);
    Style style = UNIT_STYLES[Math.min(unit, UNIT_STYLES.length - 1)];
    String mark = unit == 0 && !bytes ? " " : String.valueOf(UNITS.charAt(unit));
    return screen.styled(style, digits) + screen.styled(Style.DIM, mark);
  }

  /** The title in the middle of five characters. */
  String heading() {
    int blanks = WIDTH - title.length();
    int left = (blanks + 1) / 2;
    return " ".repeat(left) + title + " ".repeat(blanks - left);
  }
}
