package io.jfs.cli.bench;

import io.jfs.cli.text.Table;
import io.jfs.cli.watch.Screen;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One row of results.
 *
 * @param item what was done, e.g. {@code upload objects}
 * @param value how fast, with its unit
 * @param cost what one takes, with its unit
 * @param result all numbers
 */
public record Measured(String item, String value, String cost, Load.Result result) {
  /** For people; colours say what is fast and what is slow. */
  public static Table table(List<Measured> rows, Screen screen) {
    Table table = Table.of("ITEM", "VALUE", "COST", "p50/95/99 ms");
    for (Measured row : rows) {
      Latencies latencies = row.result().latencies();
      table.row(
          row.item(),
          row.styledValue(screen),
          row.styledCost(screen, row.cost(), row.result().averageNanos()),
          String.join(
              "/",
              row.percentile(screen, latencies, 50),
              row.percentile(screen, latencies, 95),
              row.percentile(screen, latencies, 99)));
    }
    return table;
  }

  private String styledValue(Screen screen) {
    Grades grades = Grades.of(item);
    double rate = value.endsWith("MiB/s") ? result.mibPerSecond() : listedRate();
    return grades == null ? value : screen.styled(grades.ofRate(rate), value);
  }

  /** One operation may be about many things: then the text tells how many in a second. */
  private double listedRate() {
    return Double.parseDouble(value.substring(0, value.indexOf(' ')));
  }

  private String styledCost(Screen screen, String text, double nanos) {
    Grades grades = Grades.of(item);
    return grades == null ? text : screen.styled(grades.ofLatency(nanos), text);
  }

  private String percentile(Screen screen, Latencies latencies, double percent) {
    long nanos = latencies.percentileNanos(percent);
    return styledCost(screen, LatencyText.shortMillis(nanos), (double) nanos);
  }

  /** For a JSON document; latencies in milliseconds. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("item", item);
    json.put("operations", result.operations());
    json.put("bytes", result.bytes());
    json.put("seconds", result.elapsedNanos() / 1e9);
    json.put("iops", round(result.perSecond()));
    json.put("mibPerSecond", round(result.mibPerSecond()));
    json.put("latencyMillis", LatencyText.json(result.latencies()));
    return json;
  }

  private static double round(double value) {
    return Math.round(value * 100) / 100.0;
  }
}
