package io.jfs.cli;

import io.jfs.cache.block.BlockCache;
import io.jfs.cache.block.BlockCaches;
import io.jfs.cache.block.CacheMetrics;
import io.jfs.cache.block.DiskSpace;
import io.jfs.cache.page.MemoryBudget;
import io.jfs.cache.page.PagePool;
import io.jfs.chunk.object.MeteredObjectStore;
import io.jfs.chunk.object.ObjectStore;
import io.jfs.chunk.object.RequestMetrics;
import io.jfs.chunk.slice.DefaultSliceStore;
import io.jfs.chunk.slice.SliceMetrics;
import io.jfs.chunk.slice.SliceStore;
import io.jfs.cli.command.CommandException;
import io.jfs.cli.metrics.MetricsServer;
import io.jfs.cli.metrics.MetricsServer.IfTaken;
import io.jfs.cli.metrics.MountStats;
import io.jfs.cli.option.MetricsOptions;
import io.jfs.cli.option.Options;
import io.jfs.cli.option.StorageOptions;
import io.jfs.fuse.FrontEnd;
import io.jfs.fuse.FuseServer;
import io.jfs.fuse.jnr.JnrFrontEnd;
import io.jfs.meta.VolumeMeta;
import io.jfs.meta.admin.VolumeAdmin;
import io.jfs.meta.engine.Engines;
import io.jfs.meta.model.Format;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.session.SessionFacts;
import io.jfs.meta.txn.Engine;
import io.jfs.vfs.LoggedVfs;
import io.jfs.vfs.Vfs;
import io.jfs.vfs.VfsOps;
import io.jfs.vfs.virtual.AccessLog;
import io.jfs.vfs.virtual.OperationLog;
import io.jfs.vfs.virtual.OperationStats;
import io.jfs.vfs.virtual.StatsSource;
import io.jfs.vfs.virtual.VirtualFiles;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The composition root: the only place that makes the parts of a mount and connects them. Reads
 * from bottom to top: engine and settings, object store and cache, slices, metadata, vfs; {@link
 * #mount} puts the front end on top. Closing goes the other way.
 */
public final class Volume implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Volume.class);

  private final MountPlan plan;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final Clock clock = Clock.systemUTC();
  private final OperationStats operations = new OperationStats();
  private final RequestMetrics requests = new RequestMetrics();
  private final SliceMetrics sliceCounts = new SliceMetrics();
  private final CacheMetrics cacheCounts = new CacheMetrics();
  private final AccessLog accessLog = new AccessLog(clock, ZoneId.systemDefault());
  private final Format format;
  private final PagePool pool;
  private final BlockCache cache;
  private final VolumeMeta meta;
  private final List<StatsSource> stats;
  private final VfsOps vfs;

  private Volume(Engine engine, MountPlan plan) throws FormatException, CommandException {
    this.plan = plan;
    this.format = plan.override(new VolumeAdmin(engine).load());
    this.pool = new PagePool(new MemoryBudget(plan.bufferBytes()));
    LiveDataStore data = new LiveDataStore(plan, format, pool);
    ObjectStore objects = metered(data.store());
    this.cache = BlockCaches.open(plan.cache(format), pool, DiskSpace.ofJdk(), clock, cacheCounts);
    DefaultSliceStore slices =
        opened(new DefaultSliceStore(objects, cache, pool, plan.chunk(format), sliceCounts));
    this.meta =
        opened(
            VolumeMeta.open(
                engine,
                plan.meta(),
                SessionFacts.ofThisProcess(plan.mountPoint().toString(), clock.instant()),
                slice -> slices.remove(slice.id(), slice.size())));
    meta.onFormatChange(data::follow);
    data.follow(meta.format()); // It may have changed since it was loaded.
    this.stats =
        List.of(
            operations,
            MountStats.transactions(meta.metrics()),
            MountStats.requests(requests),
            MountStats.blocks(sliceCounts, cacheCounts, cache),
            MountStats.process(pool.budget()));
    this.vfs =
        new LoggedVfs(
            new Vfs(plan.vfs(format), vfsParts(slices)), new OperationLog(accessLog, operations));
  }

  /**
   * Opens the volume of a metadata URL.
   *
   * @throws CommandException if it cannot, with the reason in one line
   */
  public static Volume open(String url, MountPlan plan) throws CommandException {
    Engine engine = Engines.open(url, System.getenv());
    log.info("Meta address: {}", engine.describe());
    try {
      return new Volume(engine, plan);
    } catch (FormatException e) {
      engine.close();
      throw new CommandException(String.valueOf(e.getMessage()), e);
    } catch (CommandException | RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  private <T extends AutoCloseable> T opened(T part) {
    parts.push(part);
    return part;
  }

  private Vfs.Parts vfsParts(SliceStore slices) {
    return new Vfs.Parts(
        meta,
        slices,
        clock,
        pool.budget()::isShort,
        owner(),
        accessLog,
        new MountConfigJson(() -> plan.override(meta.format()), plan, meta::sessionId)::text,
        stats);
  }

  /** Whoever runs this process: the virtual files are his. */
  private static VirtualFiles.Owner owner() {
    try {
      Path process = Path.of("/proc/self");
      return new VirtualFiles.Owner(
          (int) Files.getAttribute(process, "unix:uid"),
          (int) Files.getAttribute(process, "unix:gid"));
    } catch (IOException e) {
      return new VirtualFiles.Owner(0, 0);
    }
  }

  private ObjectStore metered(ObjectStore data) throws CommandException {
    ObjectStore objects = new MeteredObjectStore(data, requests, System::nanoTime);
    log.info("Data use {}", objects.describe());
    if (plan.options().get(StorageOptions.CHECK_STORAGE)) {
      DataStore.test(objects);
    }
    return objects;
  }

  /** The volume's settings, with what this client does differently. */
  public Format format() {
    return format;
  }

  /** Where it is or will be mounted. */
  public Path mountPoint() {
    return plan.mountPoint();
  }

  /** Mounts; when this returns, the mount answers. The caller closes the front end first. */
  public FrontEnd mount() throws IOException {
    log.info("Mounting volume {} at \"{}\" ...", format.name(), plan.mountPoint());
    return plan.throughLibfuse()
        ? JnrFrontEnd.mount(vfs, plan.fuse(format), plan.mountPoint())
        : FuseServer.mount(vfs, plan.fuse(format), plan.mountPoint());
  }

  /** Begins to answer Prometheus servers; failing is only worth a line in the log. */
  public void listen() {
    Options options = plan.options();
    String address = options.get(MetricsOptions.METRICS);
    int colon = address.lastIndexOf(':');
    try {
      MetricsServer server =
          opened(
              MetricsServer.start(
                  new InetSocketAddress(
                      address.substring(0, Math.max(colon, 0)),
                      Integer.parseInt(address.substring(colon + 1))),
                  options.has(MetricsOptions.METRICS) ? IfTaken.FAIL : IfTaken.NEXT_PORT,
                  stats,
                  metricLabels()));
      log.info("Prometheus metrics listening on \"{}\"", server.address());
    } catch (IOException | IllegalArgumentException e) {
      log.error("Cannot listen for Prometheus on {}: {}", address, e.getMessage());
    }
  }

  private Map<String, String> metricLabels() {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("vol_name", format.name());
    labels.put("mp", plan.mountPoint().toString());
    labels.put("juicefs_version", Version.current());
    for (String pair : plan.options().get(MetricsOptions.CUSTOM_LABELS).split(";")) {
      int colon = pair.indexOf(':');
      if (colon > 0) {
        labels.put(pair.substring(0, colon).strip(), pair.substring(colon + 1).strip());
      }
    }
    return labels;
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        log.error("Closing {} failed", part.getClass().getSimpleName(), e);
      }
    }
  }
}
