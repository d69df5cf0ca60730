package io.jfs.cli.metrics;

import io.jfs.vfs.virtual.StatsSource;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a Prometheus server reads: the values of {@code .stats}, with labels where a name ends with
 * one. Made at the first question, because loading Micrometer would take a good part of the start.
 */
final class MetricsPage {
  /** Metrics whose last word is the value of a label: operation, errno, request. */
  private static final Pattern LABELLED =
      Pattern.compile(
          "(fuse_ops_total|fuse_ops_durations_seconds|fuse_ops_io_errors|meta_ops_total"
              + "|object_request_durations_histogram_seconds|object_request_data_bytes"
              + "|object_request_errors)_([A-Za-z0-9]+)(_total|_sum)?");

  private static final Set<String> GAUGES =
      Set.of(
          "blockcache_blocks",
          "blockcache_bytes",
          "used_buffer_size_bytes",
          "fuse_open_handlers",
          "memory",
          "uptime",
          "cpu_usage");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final List<StatsSource> sources;
  private final ConcurrentMap<String, Double> values = new ConcurrentHashMap<>();

  MetricsPage(List<StatsSource> sources, Map<String, String> labels) {
    this.sources = sources;
    registry
        .config()
        .commonTags(labels.entrySet().stream().map(e -> Tag.of(e.getKey(), e.getValue())).toList());
  }

  /** The page as it is now. */
  synchronized String text() {
    sources.forEach(source -> source.collect(this::take));
    return registry.scrape();
  }

  private void take(String name, double value) {
    if (values.put(name, value) == null) {
      register(name);
    }
  }

  private void register(String name) {
    Matcher labelled = LABELLED.matcher(name);
    if (!labelled.matches()) {
      register(name, name, Tags.empty());
      return;
    }
    String label = labelled.group(1).equals("fuse_ops_io_errors") ? "errno" : "method";
    String suffix = labelled.group(3) == null ? "" : labelled.group(3);
    register(name, labelled.group(1) + suffix, Tags.of(Tag.of(label, labelled.group(2))));
  }

  private void register(String source, String metric, Tags tags) {
    String name = "juicefs_" + metric.replaceFirst("_total$", "");
    if (GAUGES.contains(metric)) {
      Gauge.builder(name, values, v -> v.get(source)).tags(tags).register(registry);
    } else {
      FunctionCounter.builder(name, values, v -> v.get(source)).tags(tags).register(registry);
    }
  }
}
