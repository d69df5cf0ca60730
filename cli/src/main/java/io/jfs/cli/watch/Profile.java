package io.jfs.cli.watch;

import io.jfs.cli.watch.Screen.Style;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Sums up operations by name, for {@code jfs profile}. */
public final class Profile {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss", Locale.ROOT);

  private record Total(long count, long micros) {
    Total plus(Total other) {
      return new Total(count + other.count, micros + other.micros);
    }
  }

  private final Map<String, Total> totals = new HashMap<>();

  /** Counts an operation. */
  public void add(LogEntry entry) {
    totals.merge(entry.operation(), new Total(1, entry.micros()), Total::plus);
  }

  /**
   * What was counted, most time first.
   *
   * @param seconds how long it was counted: percentages are of that
   * @param maxOperations how many lines there is room for
   */
  public String shown(Screen screen, LocalDateTime time, double seconds, int maxOperations) {
    StringBuilder text = new StringBuilder(screen.cleared());
    String title =
        String.format(
            Locale.ROOT,
            "> JuiceFS Profiling %22s %2d seconds  %s",
            "Refresh:",
            Math.round(seconds),
            TIME.format(time));
    text.append(screen.styled(Style.GREEN, title)).append(screen.isColoured() ? "\n\n" : "\n");
    String heading =
        String.format(
            Locale.ROOT,
            "%-14s%11s%16s%19s%15s",
            "Operation",
            "Count",
            "Average(us)",
            "Total(us)",
            "Percent(%)");
    text.append(screen.styled(Style.HEADING, heading)).append('\n');
    List<Map.Entry<String, Total>> sorted =
        totals.entrySet().stream()
            .sorted(Comparator.comparingLong(e -> -e.getValue().micros))
            .limit(maxOperations)
            .toList();
    for (Map.Entry<String, Total> entry : sorted) {
      text.append(line(entry.getKey(), entry.getValue(), seconds)).append('\n');
    }
    return text.append(screen.isColoured() ? "" : "\n").toString();
  }

  private static String line(String operation, Total total, double seconds) {
    return String.format(
        Locale.ROOT,
        "%-14s %10d %15d %18d %14.1f",
        operation,
        total.count,
        Math.round((double) total.micros / total.count),
        total.micros,
        seconds <= 0 ? 0 : total.micros / seconds / 1e4);
  }
}
