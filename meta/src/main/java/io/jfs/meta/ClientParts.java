package io.jfs.meta;

import io.jfs.meta.background.ChangeLogTrim;
import io.jfs.meta.background.DataRemover;
import io.jfs.meta.background.DirStatBuffer;
import io.jfs.meta.background.HourlyJobs;
import io.jfs.meta.background.JobRunner;
import io.jfs.meta.background.Leases;
import io.jfs.meta.background.QuotaBook;
import io.jfs.meta.background.Totals;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Format;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.ops.Effects;
import io.jfs.meta.ops.MetaTxn;
import io.jfs.meta.ops.Policy;
import io.jfs.meta.ops.QuotaGuard;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Records.Volume;
import io.jfs.meta.session.SessionFacts;
import io.jfs.meta.session.SessionRegister;
import io.jfs.meta.txn.ChangeLog;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.EngineException;
import io.jfs.meta.txn.Transactor;
import io.jfs.meta.txn.TxnMetrics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of one client, made and wired in one place, and what they do together: carry out the
 * effects of operations, beat, flush, end.
 */
final class ClientParts {
  private static final Logger LOG = LoggerFactory.getLogger(ClientParts.class);
  private static final Duration STATS_PERIOD = Duration.ofSeconds(1);
  private static final Duration QUOTA_PERIOD = Duration.ofSeconds(3);

  private final Engine engine;
  private final MetaConfig config;
  private final JobRunner jobs;
  private final TxnMetrics metrics;
  private final Settings settings;
  private final OpenInodes openInodes = new OpenInodes();
  private final ClientSession session;
  private final Namespace namespace;
  private final Content content;
  private final Opening opening;
  private final LockTable locks;
  private final SliceIds sliceIds;
  private final Totals totals;
  private final QuotaBook quotas;
  private final Capacity capacity;
  private final DirStatBuffer dirStats;
  private final DataRemover remover;
  private final SessionRegister register;
  private final Leases leases;
  private final HourlyJobs hourly;
  private final CloneTree clones;
  private final Paths paths;
  private final @Nullable ChangeLog changeLog;
  private final InstantSource clock;
  private final AtomicBoolean closed = new AtomicBoolean();

  private ClientParts(
      Engine engine,
      MetaConfig config,
      SessionFacts facts,
      SliceReaper reaper,
      MetaRuntime runtime,
      Format format,
      Transactor transactor,
      TxnMetrics metrics,
      Ino root) {
    this.engine = engine;
    this.changeLog = engine.changeLog();
    this.clock = runtime.clock();
    this.metrics = metrics;
    this.config = config;
    this.jobs = runtime.jobs();
    this.settings = new Settings(format);
    this.session = new ClientSession(config, facts);
    this.namespace =
        new Namespace(
            new NamespaceParts(
                transactor,
                runtime.clock(),
                root,
                config.readOnly(),
                this::policy,
                () -> settings.format().trashDays(),
                config.atimeMode(),
                session::id,
                openInodes::sustains,
                new Limits(),
                this::carryOut,
                this::inBackground));
    Operations operations = namespace.operations();
    this.totals = new Totals(operations);
    this.quotas = new QuotaBook(operations, engine, totals, settings::format);
    this.capacity = new Capacity(totals, quotas, settings::format, config.fastStatfs());
    this.dirStats = new DirStatBuffer(operations, engine);
    SliceReaper afterSync =
        slice -> {
          engine.sync(); // else a power loss brings back a file whose objects are gone
          reaper.remove(slice);
        };
    this.remover = new DataRemover(operations, jobs, afterSync, config.maxDeletes() > 0);
    this.register = new SessionRegister(operations, engine);
    this.leases = new Leases(operations);
    this.content =
        new Content(operations, () -> settings.format().trashDays() > 0, engine.commitLimit());
    this.opening = new Opening(namespace, openInodes, session, config);
    this.locks = new LockTable(operations, session);
    this.clones = new CloneTree(namespace, content, session);
    this.paths = new Paths(namespace, root);
    this.sliceIds = new SliceIds(operations, engine);
    this.hourly =
        new HourlyJobs(
            operations, engine, namespace, remover, leases, () -> settings.format().trashDays());
  }

  static ClientParts open(
      Engine engine,
      MetaConfig config,
      SessionFacts facts,
      SliceReaper reaper,
      MetaRuntime runtime,
      Format format)
      throws FormatException {
    TxnMetrics metrics = new TxnMetrics();
    Transactor transactor =
        new Transactor(
            engine,
            config.patience(),
            runtime.random(),
            runtime.nanoClock(),
            runtime.waiting(),
            metrics);
    try {
      List<Effects> effects = new ArrayList<>();
      Ino root = SubDirectory.resolve(transactor, runtime.clock(), config, format, effects::add);
      ClientParts parts =
          new ClientParts(
              engine, config, facts, reaper, runtime, format, transactor, metrics, root);
      effects.forEach(parts::carryOut);
      parts.start();
      return parts;
    } catch (FsException e) {
      throw new FormatException(engine.describe() + ": " + e.getMessage());
    }
  }

  private void start() throws FsException {
    session.open(register);
    totals.reload();
    quotas.reload();
    if (!config.heartbeat().isZero()) {
      jobs.every("heartbeat", config.heartbeat(), this::beat);
    }
    if (!config.readOnly()) {
      jobs.every("directory statistics", STATS_PERIOD, dirStats::flush);
      jobs.every("quota usage", QUOTA_PERIOD, quotas::flush);
      if (config.backgroundJobs()) {
        hourly.plan(jobs);
        if (changeLog != null) {
          new ChangeLogTrim(changeLog, leases, settings::format, clock).plan(jobs);
        }
      }
      if (changeLog == null && settings.format().flag("ChangeLog")) {
        LOG.warn("{}: no change log is written on this engine", engine.describe());
      }
    }
  }

  /** Lives on, follows the volume's settings, cleans up after the dead. */
  void beat() {
    try {
      session.refresh(register);
      settings.reloaded(storedSetting());
      totals.reload();
      quotas.reload();
      opening.forgetClosedSuspects();
      session.cleanStale(register, leases);
    } catch (FsException | EngineException e) {
      LOG.warn("heartbeat of session {}: {}", session.id(), e.getMessage());
    }
  }

  private byte @Nullable [] storedSetting() throws FsException {
    return namespace
        .operations()
        .read(txn -> Optional.ofNullable(txn.records().get(Records.SETTING, Volume.KEY)))
        .orElse(null);
  }

  private Policy policy() {
    Format format = settings.format();
    return new Policy(
        config.checkPermissions(),
        format.aclEnabled(),
        format.dirStats(),
        config.skipDirMtimeMillis(),
        format.flag("ChangeLog") && changeLog != null);
  }

  private void carryOut(Effects effects) {
    totals.accept(effects);
    quotas.accept(effects);
    dirStats.accept(effects);
    remover.accept(effects);
    opening.releaseClosedSuspects();
  }

  private void inBackground(Runnable task) {
    if (!jobs.soon(task)) {
      throw new RejectedExecutionException("too much to do in the background");
    }
  }

  /** Writes what is known here only. */
  void flush() {
    dirStats.flush();
    quotas.flush();
  }

  void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      flush();
      session.close(register);
      flush();
    } finally {
      jobs.close();
      engine.close();
    }
  }

  /** The quotas, for operations that are made before they are. */
  private final class Limits implements QuotaGuard {
    @Override
    public void requireRoom(
        MetaTxn txn, int uid, int gid, Ino directory, long spaceBytes, long inodes)
        throws FsException {
      quotas.requireRoom(txn, uid, gid, directory, spaceBytes, inodes);
    }

    @Override
    public Amount requireRoomToMove(MetaTxn txn, Ino ino, Attr attr, Ino from, Ino to)
        throws FsException {
      return quotas.requireRoomToMove(txn, ino, attr, from, to);
    }
  }

  Engine engine() {
    return engine;
  }

  MetaConfig config() {
    return config;
  }

  TxnMetrics metrics() {
    return metrics;
  }

  Settings settings() {
    return settings;
  }

  OpenInodes openInodes() {
    return openInodes;
  }

  ClientSession session() {
    return session;
  }

  Namespace namespace() {
    return namespace;
  }

  Content content() {
    return content;
  }

  Opening opening() {
    return opening;
  }

  LockTable locks() {
    return locks;
  }

  SliceIds sliceIds() {
    return sliceIds;
  }

  QuotaBook quotas() {
    return quotas;
  }

  Capacity capacity() {
    return capacity;
  }

  DataRemover remover() {
    return remover;
  }

  SessionRegister register() {
    return register;
  }

  Paths paths() {
    return paths;
  }

  CloneTree clones() {
    return clones;
  }

  HourlyJobs hourly() {
    return hourly;
  }
}
