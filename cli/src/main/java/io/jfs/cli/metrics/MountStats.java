package io.jfs.cli.metrics;

import io.jfs.cache.block.BlockCache;
import io.jfs.cache.block.CacheMetrics;
import io.jfs.cache.page.MemoryBudget;
import io.jfs.chunk.object.RequestMetrics;
import io.jfs.chunk.slice.SliceMetrics;
import io.jfs.meta.txn.TxnMetrics;
import io.jfs.vfs.virtual.StatsSource;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/** What the parts of a mount count, under the names of vfs-cli spec 1.3. */
public final class MountStats {
  private MountStats() {}

  /** What metadata cost. */
  public static StatsSource transactions(TxnMetrics counts) {
    return sink -> {
      sink.count("transaction_commits", counts.commits.sum());
      sink.count("transaction_conflicts", counts.conflicts.sum());
      sink.count("transaction_restart", counts.retries.sum());
      sink.count("transaction_speculations", counts.speculations.sum());
      sink.count("transaction_unknown_outcomes", counts.unknownOutcomes.sum());
      sink.count("transaction_round_trips", counts.roundTrips.sum());
      sink.count("transaction_outages", counts.outages.sum());
    };
  }

  /** Requests to the object store. */
  public static StatsSource requests(RequestMetrics requests) {
    return sink -> {
      for (RequestMetrics.Method method : RequestMetrics.Method.values()) {
        RequestMetrics.Counts counts = requests.of(method);
        String label = method.name().toUpperCase(Locale.ROOT);
        String histogram = "object_request_durations_histogram_seconds_" + label;
        if (counts.requests().sum() > 0) {
          sink.count(histogram + "_total", counts.requests().sum());
          sink.value(histogram + "_sum", counts.nanos().sum() / 1e9);
          sink.count("object_request_data_bytes_" + label, counts.bytes().sum());
          sink.count("object_request_errors_" + label, counts.errors().sum());
        }
      }
    };
  }

  /** Reading and writing of slices, and the cache before them. */
  public static StatsSource blocks(SliceMetrics slices, CacheMetrics counts, BlockCache cache) {
    return sink -> {
      sink.count("blockcache_hits", slices.cacheHits().sum());
      sink.count("blockcache_hit_bytes", slices.cacheHitBytes().sum());
      sink.count("blockcache_miss", slices.cacheMisses().sum());
      sink.count("blockcache_miss_bytes", slices.cacheMissBytes().sum());
      sink.count("blockcache_writes", counts.writes().sum());
      sink.count("blockcache_write_bytes", counts.writeBytes().sum());
      sink.count("blockcache_drops", counts.drops().sum());
      sink.count("blockcache_evicts", counts.evictions().sum());
      sink.count("blockcache_blocks", cache.blockCount());
      sink.count("blockcache_bytes", cache.usedBytes());
      sink.count("object_upload_retries", slices.uploadRetries().sum());
      sink.count("prefetch_drops", slices.prefetchDrops().sum());
    };
  }

  /** Memory for data, and the process. */
  public static StatsSource process(MemoryBudget budget) {
    return sink -> {
      sink.count("used_buffer_size_bytes", budget.usedBytes());
      sink.count("memory", ResidentMemory.bytes());
      sink.value("uptime", ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0);
      sink.value("cpu_usage", cpuSeconds());
    };
  }

  private static double cpuSeconds() {
    return ProcessHandle.current()
        .info()
        .totalCpuDuration()
        .map(cpu -> cpu.toNanos() / 1e9)
        .orElse(0.0);
  }
}
