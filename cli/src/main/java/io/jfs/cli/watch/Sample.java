package io.jfs.cli.watch;

import java.util.HashMap;
import java.util.Map;

/** What {@code .stats} said at a moment. */
final class Sample {
  private final Map<String, Double> values = new HashMap<>();

  /** Reads the text of {@code .stats}; lines of one name are summed. */
  Sample(String text) {
    for (String line : text.split("\n")) {
      int blank = line.indexOf(' ');
      if (blank > 0) {
        values.merge(
            line.substring(0, blank), Double.valueOf(line.substring(blank + 1)), Double::sum);
      }
    }
  }

  /**
   * A value without the prefix {@code juicefs_}; that of a labelled metric is its sum; 0 if none.
   */
  double of(String name) {
    Double value = values.get("juicefs_" + name);
    return value != null ? value : sumOf("juicefs_" + name + "_");
  }

  private double sumOf(String prefix) {
    return values.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix) && !isPart(entry.getKey()))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  private static boolean isPart(String name) {
    return name.endsWith("_total") || name.endsWith("_sum");
  }
}
