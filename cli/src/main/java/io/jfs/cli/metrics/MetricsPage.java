package io.jfs.cli.metrics;

import io.jfs.cache.block.BlockCache;
import io.jfs.cache.block.CacheMetrics;
import io.jfs.cache.page.MemoryBudget;
import io.jfs.chunk.object.RequestMetrics;
import io.jfs.chunk.slice.SliceMetrics;
import io.jfs.meta.txn.TxnMetrics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * What a Prometheus server reads, from counts that live elsewhere. Made at the first question,
 * because loading Micrometer would take a good part of the start. Names as in vfs-cli spec 1.3.
 */
final class MetricsPage {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final OperationCounts operations;

  MetricsPage(MetricsSources sources, Map<String, String> labels) {
    operations = sources.operations();
    registry
        .config()
        .commonTags(labels.entrySet().stream().map(e -> Tag.of(e.getKey(), e.getValue())).toList());
    bindData(sources.slices(), sources.cacheCounts(), sources.cache(), sources.budget());
    bindTransactions(sources.transactions());
    bindRequests(sources.requests());
    bindProcess();
  }

  /** The page as it is now. */
  String text() {
    bindOperations();
    return registry.scrape();
  }

  /** Operations and errors appear with their first occurrence; binding again changes nothing. */
  private void bindOperations() {
    operations
        .byName()
        .forEach(
            (name, count) -> {
              Tags method = Tags.of("method", name);
              counter("juicefs_fuse_ops", method, count.calls());
              seconds("juicefs_fuse_ops_durations_seconds", method, count.nanos());
            });
    operations
        .byErrno()
        .forEach(
            (errno, count) ->
                counter("juicefs_fuse_ops_io_errors", Tags.of("errno", "E" + errno), count));
    counter("juicefs_fuse_read_bytes", Tags.empty(), operations.readBytes());
    counter("juicefs_fuse_written_bytes", Tags.empty(), operations.writtenBytes());
  }

  private void bindData(
      SliceMetrics slices, CacheMetrics counts, BlockCache cache, MemoryBudget budget) {
    counter("juicefs_blockcache_hits", Tags.empty(), slices.cacheHits());
    counter("juicefs_blockcache_hit_bytes", Tags.empty(), slices.cacheHitBytes());
    counter("juicefs_blockcache_miss", Tags.empty(), slices.cacheMisses());
    counter("juicefs_blockcache_miss_bytes", Tags.empty(), slices.cacheMissBytes());
    counter("juicefs_blockcache_writes", Tags.empty(), counts.writes());
    counter("juicefs_blockcache_write_bytes", Tags.empty(), counts.writeBytes());
    counter("juicefs_blockcache_drops", Tags.empty(), counts.drops());
    counter("juicefs_blockcache_evicts", Tags.empty(), counts.evictions());
    counter("juicefs_upload_retries", Tags.empty(), slices.uploadRetries());
    Gauge.builder("juicefs_blockcache_blocks", cache, BlockCache::blockCount).register(registry);
    Gauge.builder("juicefs_blockcache_bytes", cache, BlockCache::usedBytes).register(registry);
    Gauge.builder("juicefs_used_buffer_size_bytes", budget, MemoryBudget::usedBytes)
        .register(registry);
  }

  private void bindTransactions(TxnMetrics transactions) {
    counter("juicefs_transaction_commits", Tags.empty(), transactions.commits);
    counter("juicefs_transaction_conflicts", Tags.empty(), transactions.conflicts);
    counter("juicefs_transaction_restart", Tags.empty(), transactions.retries);
    counter("juicefs_transaction_speculations", Tags.empty(), transactions.speculations);
    counter("juicefs_transaction_unknown", Tags.empty(), transactions.unknownOutcomes);
    counter("juicefs_transaction_round_trips", Tags.empty(), transactions.roundTrips);
    counter("juicefs_transaction_outages", Tags.empty(), transactions.outages);
  }

  private void bindRequests(RequestMetrics requests) {
    for (RequestMetrics.Method method : RequestMetrics.Method.values()) {
      Tags tags = Tags.of("method", method.name().toUpperCase(Locale.ROOT));
      RequestMetrics.Counts counts = requests.of(method);
      counter("juicefs_object_requests", tags, counts.requests());
      counter("juicefs_object_request_errors", tags, counts.errors());
      counter("juicefs_object_request_data_bytes", tags, counts.bytes());
      seconds("juicefs_object_request_durations_seconds", tags, counts.nanos());
    }
  }

  private void bindProcess() {
    Gauge.builder(
            "juicefs_uptime",
            ManagementFactory.getRuntimeMXBean(),
            bean -> bean.getUptime() / 1000.0)
        .register(registry);
    Gauge.builder("juicefs_memory", ResidentMemory::bytes).register(registry);
  }

  private void counter(String name, Tags tags, LongAdder count) {
    FunctionCounter.builder(name, count, LongAdder::sum).tags(tags).register(registry);
  }

  private void seconds(String name, Tags tags, LongAdder nanos) {
    FunctionCounter.builder(name, nanos, n -> n.sum() / 1e9).tags(tags).register(registry);
  }
}
