package io.jfs.cli;

import io.jfs.cache.block.BlockCache;
import io.jfs.cache.block.BlockCaches;
import io.jfs.cache.block.DiskSpace;
import io.jfs.cache.page.MemoryBudget;
import io.jfs.cache.page.PagePool;
import io.jfs.chunk.object.MeteredObjectStore;
import io.jfs.chunk.object.ObjectStore;
import io.jfs.chunk.slice.DefaultSliceStore;
import io.jfs.chunk.slice.SliceStore;
import io.jfs.cli.admin.MetaBackup;
import io.jfs.cli.command.CommandException;
import io.jfs.cli.metrics.BlockStats;
import io.jfs.cli.mount.LastingMount;
import io.jfs.cli.option.MetaOptions;
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
import io.jfs.vfs.RuledVfs;
import io.jfs.vfs.Vfs;
import io.jfs.vfs.VfsOps;
import io.jfs.vfs.handle.KeptHandles;
import io.jfs.vfs.stats.StatsSource;
import io.jfs.vfs.virtual.VirtualFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
  private final Format format;
  private final Observation observation;
  private final PagePool pool;
  private final BlockCache cache;
  private final VolumeMeta meta;
  private final Vfs volume;
  private final VfsOps vfs;
  private final @Nullable LastingMount lasting;

  private Volume(Engine engine, MountPlan plan, @Nullable LastingMount lasting)
      throws FormatException, CommandException {
    this.plan = plan;
    this.lasting = lasting;
    this.format = plan.override(new VolumeAdmin(engine).load());
    this.observation = opened(new Observation(plan, format, clock));
    this.pool = new PagePool(new MemoryBudget(plan.bufferBytes()));
    LiveDataStore data = new LiveDataStore(plan, format, pool);
    ObjectStore objects = metered(data.store());
    BlockStats blocks = observation.blocks();
    this.cache =
        BlockCaches.open(plan.cache(format), pool, DiskSpace.ofJdk(), clock, blocks.cacheCounts());
    DefaultSliceStore slices =
        opened(
            new DefaultSliceStore(objects, cache, pool, plan.chunk(format), blocks.sliceCounts()));
    this.meta =
        opened(
            VolumeMeta.open(
                engine,
                plan.meta().withContinuedSession(lasting == null ? 0 : lasting.session()),
                SessionFacts.ofThisProcess(
                    plan.mountPoint().toString(), clock.instant(), plan.networkInterfaces()),
                slice -> slices.remove(slice.id(), slice.size())));
    meta.onFormatChange(data::follow);
    data.follow(meta.format()); // It may have changed since it was loaded.
    List<StatsSource> sources = new ArrayList<>(observation.sources(meta, cache, pool.budget()));
    if (!plan.backupInterval().isZero()) {
      boolean skipTrash = plan.options().get(MetaOptions.BACKUP_SKIP_TRASH);
      MetaBackup backup =
          opened(new MetaBackup(engine, objects, plan.backupInterval(), skipTrash, clock));
      backup.start();
      sources.add(backup);
    }
    if (lasting != null && lasting.goesOn()) {
      meta.continueOpen(KeptHandles.openFiles(lasting.ledger()));
    }
    this.volume = new Vfs(plan.vfs(format), vfsParts(slices, sources));
    this.vfs = RuledVfs.of(new LoggedVfs(volume, observation.operationLog()), plan.callerRules());
  }

  /**
   * Opens the volume of a metadata URL.
   *
   * @param lasting the mount, if it outlives this process; stays the caller's
   * @throws CommandException if it cannot, with the reason in one line
   */
  public static Volume open(String url, MountPlan plan, @Nullable LastingMount lasting)
      throws CommandException {
    Engine engine = Engines.open(url, System.getenv());
    log.info("Meta address: {}", engine.describe());
    try {
      return new Volume(engine, plan, lasting);
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

  private Vfs.Parts vfsParts(SliceStore slices, List<StatsSource> sources) {
    return new Vfs.Parts(
        observation.measured(meta),
        slices,
        clock,
        pool.budget()::isShort,
        owner(),
        observation.accessLog(),
        new MountConfigJson(
                () -> plan.override(meta.format()),
                plan,
                meta::sessionId,
                observation::metricsAddress,
                lasting == null ? "" : lasting.folder().toString())
            ::text,
        sources,
        lasting == null ? Vfs.Continued.NOT : new Vfs.Continued(lasting.era(), lasting.ledger()));
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
    ObjectStore objects =
        new MeteredObjectStore(data, observation.objects().requests(), System::nanoTime);
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
    if (lasting != null && !plan.throughLibfuse()) {
      log.info(
          lasting.goesOn()
              ? "Going on with volume {} at \"{}\""
              : "Mounting volume {} at \"{}\" ...",
          format.name(),
          plan.mountPoint());
      return lasting.serve(vfs, plan.fuse(format), meta.sessionId(), plan.fixed(format));
    }
    log.info("Mounting volume {} at \"{}\" ...", format.name(), plan.mountPoint());
    return plan.throughLibfuse()
        ? JnrFrontEnd.mount(vfs, plan.fuse(format), plan.mountPoint())
        : FuseServer.mount(vfs, plan.fuse(format), plan.mountPoint());
  }

  /** Stores all that was written; whether nothing is left. */
  public boolean flush() {
    return volume.flushAll();
  }

  /** Another process goes on with the mount, its session and its open files. */
  public void leave() {
    meta.leaveSession();
  }

  /** Begins to answer Prometheus servers; failing is only worth a line in the log. */
  public void listen() {
    observation.listen(volume.stats());
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
