package io.jfs.cli.metrics;

import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;

/** The Java machine as Micrometer sees it: memory, garbage collection, threads, classes. */
final class JvmMetrics {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  // Listens to collections as long as the page lives, which is as long as the process.
  @SuppressWarnings("unused")
  private final JvmGcMetrics collections = new JvmGcMetrics();

  JvmMetrics(Map<String, String> labels) {
    registry
        .config()
        .commonTags(labels.entrySet().stream().map(e -> Tag.of(e.getKey(), e.getValue())).toList());
    collections.bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
  }

  String text() {
    return registry.scrape();
  }
}
