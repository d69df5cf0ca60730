package io.jfs.cli.bench;

import io.jfs.cli.text.Table;
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
  /** For people. */
  public static Table table(List<Measured> rows) {
    Table table = Table.of("ITEM", "VALUE", "COST", "p50", "p95", "p99");
    for (Measured row : rows) {
      Latencies latencies = row.result().latencies();
      table.row(
          row.item(),
          row.value(),
          row.cost(),
          LatencyText.time(latencies.percentileNanos(50)),
          LatencyText.time(latencies.percentileNanos(95)),
          LatencyText.time(latencies.percentileNanos(99)));
    }
    return table;
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
