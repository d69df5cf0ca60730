package io.jfs.cli;

import io.jfs.cache.block.BlockCache;
import io.jfs.cache.page.MemoryBudget;
import io.jfs.cli.metrics.BlockStats;
import io.jfs.cli.metrics.ConsulRegistration;
import io.jfs.cli.metrics.KernelQueue;
import io.jfs.cli.metrics.MetricsServer;
import io.jfs.cli.metrics.MetricsServer.IfTaken;
import io.jfs.cli.metrics.ObjectStats;
import io.jfs.cli.metrics.ProcessStats;
import io.jfs.cli.metrics.VolumeStats;
import io.jfs.cli.option.MetaOptions;
import io.jfs.cli.option.MetricsOptions;
import io.jfs.cli.option.Options;
import io.jfs.meta.Meta;
import io.jfs.meta.VolumeMeta;
import io.jfs.meta.model.Format;
import io.jfs.vfs.stats.MetaStats;
import io.jfs.vfs.stats.MeteredMeta;
import io.jfs.vfs.stats.OperationStats;
import io.jfs.vfs.stats.StatsSource;
import io.jfs.vfs.virtual.AccessLog;
import io.jfs.vfs.virtual.OperationLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a mount tells of itself: the counts of its parts, the log of operations, the answer to a
 * Prometheus server.
 */
final class Observation implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Observation.class);

  private final MountPlan plan;
  private final Format format;
  private final OperationStats operations = new OperationStats();
  private final AccessLog accessLog;
  private final OperationLog operationLog;
  private final MetaStats metaStats = new MetaStats();
  private final ObjectStats objects;
  private final BlockStats blocks = new BlockStats();
  private volatile @Nullable MetricsServer server;
  private volatile @Nullable ConsulRegistration consul;

  Observation(MountPlan plan, Format format, Clock clock) {
    this.plan = plan;
    this.format = format;
    this.accessLog = new AccessLog(clock, ZoneId.systemDefault());
    this.operationLog = new OperationLog(accessLog, operations);
    this.objects = new ObjectStats(format.text("StorageClass"));
  }

  AccessLog accessLog() {
    return accessLog;
  }

  OperationLog operationLog() {
    return operationLog;
  }

  ObjectStats objects() {
    return objects;
  }

  BlockStats blocks() {
    return blocks;
  }

  /** The same volume, whose operations and transactions are measured from now on. */
  Meta measured(VolumeMeta meta) {
    meta.metrics().listen(metaStats);
    return new MeteredMeta(meta, metaStats);
  }

  /** All that is measured. */
  List<StatsSource> sources(VolumeMeta meta, BlockCache cache, MemoryBudget budget) {
    return List.of(
        operations,
        metaStats,
        VolumeStats.transactions(meta.metrics()),
        VolumeStats.usage(meta, plan.options().get(MetaOptions.SUBDIR)),
        objects,
        blocks.source(cache, budget),
        new KernelQueue(plan.mountPoint()),
        new ProcessStats());
  }

  /** Begins to answer Prometheus servers; failing is only worth a line in the log. */
  void listen(List<StatsSource> sources) {
    Options options = plan.options();
    String address = options.get(MetricsOptions.METRICS);
    int colon = address.lastIndexOf(':');
    try {
      MetricsServer started =
          MetricsServer.start(
              new InetSocketAddress(
                  address.substring(0, Math.max(colon, 0)),
                  Integer.parseInt(address.substring(colon + 1))),
              options.has(MetricsOptions.METRICS) ? IfTaken.FAIL : IfTaken.NEXT_PORT,
              sources,
              labels());
      server = started;
      log.info("Prometheus metrics listening on \"{}\"", metricsAddress());
      register(started);
    } catch (IOException | IllegalArgumentException e) {
      log.error("Cannot listen for Prometheus on {}: {}", address, e.getMessage());
    }
  }

  /** Tells Consul, if the user wants that; failing is only worth a line in the log. */
  private void register(MetricsServer started) {
    String agent = plan.options().get(MetricsOptions.CONSUL);
    if (agent.isEmpty()) {
      return;
    }
    try {
      consul = ConsulRegistration.register(agent, started.address(), plan.mountPoint().toString());
    } catch (IOException e) {
      log.error("Cannot register with Consul at {}: {}", agent, e.toString());
    }
  }

  /** Where Prometheus servers are answered; empty if they are not. */
  String metricsAddress() {
    MetricsServer started = server;
    if (started == null) {
      return "";
    }
    InetSocketAddress address = started.address();
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  private Map<String, String> labels() {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("vol_name", format.name());
    labels.put("mp", plan.mountPoint().toString());
    labels.put("juicefs_version", Version.current());
    labels.put("instance", hostName());
    for (String pair : plan.options().get(MetricsOptions.CUSTOM_LABELS).split(";")) {
      int colon = pair.indexOf(':');
      if (colon > 0) {
        labels.put(pair.substring(0, colon).strip(), pair.substring(colon + 1).strip());
      }
    }
    return labels;
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "";
    }
  }

  @Override
  public void close() {
    ConsulRegistration registration = consul;
    if (registration != null) {
      registration.close();
    }
    MetricsServer started = server;
    if (started != null) {
      started.close();
    }
  }
}
