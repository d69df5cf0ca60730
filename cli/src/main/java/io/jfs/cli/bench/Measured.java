package io.jfs.cli.bench;

import java.util.LinkedHashMap;
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
