package io.jfs.cli.metrics;

import static io.jfs.vfs.stats.Metric.counter;
import static io.jfs.vfs.stats.Metric.gauge;
import static io.jfs.vfs.stats.Metric.histogram;

import io.jfs.chunk.object.RequestMetrics;
import io.jfs.chunk.object.RequestMetrics.Method;
import io.jfs.vfs.stats.Histogram;
import io.jfs.vfs.stats.Metric;
import io.jfs.vfs.stats.StatsSource;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Requests to the object store. */
public final class ObjectStats implements StatsSource {
  private static final Metric LATENCY =
      histogram(
          "object_request_durations_histogram_seconds", "Latency of requests to the object store.");
  private static final Metric BYTES =
      counter("object_request_data_bytes", "Bytes moved from and to the object store.");
  private static final Metric ERRORS =
      counter("object_request_errors", "Requests to the object store that failed.");
  private static final Metric UPLOADING = gauge("object_request_uploading", "Uploads under way.");
  private static final Metric RUNNING =
      gauge("object_requests_running", "Requests to the object store under way.");

  private final Map<Method, Histogram> latencies;
  private final RequestMetrics requests;
  private final String storageClass;

  /** Nothing counted yet; {@code storageClass} is the volume's, empty for the store's default. */
  public ObjectStats(String storageClass) {
    Map<Method, Histogram> histograms = new EnumMap<>(Method.class);
    for (Method method : Method.values()) {
      histograms.put(method, Histogram.seconds(0.01, 1.5, 25));
    }
    this.latencies = Collections.unmodifiableMap(histograms);
    this.requests = new RequestMetrics((method, nanos) -> latency(method).observe(nanos));
    this.storageClass = storageClass.isEmpty() ? "STANDARD" : storageClass;
  }

  /** Where requests are counted. */
  public RequestMetrics requests() {
    return requests;
  }

  private Histogram latency(Method method) {
    return Objects.requireNonNull(latencies.get(method));
  }

  @Override
  public void collect(Sink sink) {
    long errors = 0;
    for (Method method : Method.values()) {
      RequestMetrics.Counts counts = requests.of(method);
      String[] labels = {
        "method", method.name().toUpperCase(Locale.ROOT), "storage_class", storageClass
      };
      errors += counts.errors().sum();
      if (counts.requests().sum() > 0) {
        sink.histogram(LATENCY, latency(method).observed(), labels);
        sink.count(BYTES, counts.bytes().sum(), labels);
      }
      sink.count(RUNNING, requests.running(method), "method", method.name());
    }
    sink.count(ERRORS, errors);
    sink.count(UPLOADING, requests.running(Method.PUT));
  }
}
