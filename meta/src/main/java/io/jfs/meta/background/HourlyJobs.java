package io.jfs.meta.background;

import io.jfs.meta.Namespace;
import io.jfs.meta.Operations;
import io.jfs.meta.RemoveTree;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.model.DelayedSlice;
import io.jfs.meta.model.DirEntry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.SliceId;
import io.jfs.meta.ops.Clone;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Records.DeletedFile;
import io.jfs.meta.record.Records.Lease;
import io.jfs.meta.record.Records.Volume;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.Page;
import io.jfs.meta.txn.Row;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one client does for all, about once an hour: data of deleted files that its client did not
 * get to delete, slices that nobody refers to, the trash that has expired, and the engine's
 * history. Metadata spec 7.1, 4.6.
 */
public final class HourlyJobs {
  /** How often a job is tried. */
  public static final Duration PERIOD = Duration.ofHours(1);

  private static final Logger LOG = LoggerFactory.getLogger(HourlyJobs.class);
  private static final Duration LEASE_SPAN = Duration.ofMinutes(54);
  private static final int PAGE = 1000;
  private static final long HOUR_SECONDS = 3600;
  private static final DateTimeFormatter HOUR_NAME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd-HH", Locale.ROOT);

  private final Operations operations;
  private final Engine engine;
  private final Namespace namespace;
  private final DataRemover remover;
  private final Leases leases;
  private final IntSupplier trashDays;

  /** Jobs over the engine's volume. */
  public HourlyJobs(
      Operations operations,
      Engine engine,
      Namespace namespace,
      DataRemover remover,
      Leases leases,
      IntSupplier trashDays) {
    this.operations = operations;
    this.engine = engine;
    this.namespace = namespace;
    this.remover = remover;
    this.leases = leases;
    this.trashDays = trashDays;
  }

  /** Plans all jobs. */
  public void plan(JobRunner jobs) {
    jobs.every(
        "deleted files", PERIOD, () -> underLease(Lease.CLEANUP_FILES, this::removeDeletedFiles));
    jobs.every(
        "slices",
        PERIOD,
        () ->
            underLease(
                Lease.CLEANUP_SLICES,
                () -> {
                  long unused = removeFreeSlices();
                  engine.collectHistory();
                }));
    jobs.every("trash", PERIOD, () -> underLease(Lease.CLEANUP_TRASH, this::emptyTrash));
  }

  private interface Job {
    void run() throws FsException;
  }

  private void underLease(Lease lease, Job job) {
    try {
      if (leases.take(lease, LEASE_SPAN)) {
        job.run();
      }
    } catch (FsException e) {
      LOG.warn("{}: {}", lease, e.getMessage());
    }
  }

  /** Data of files that were deleted more than an hour ago. */
  public void removeDeletedFiles() {
    long before = operations.now().seconds() - HOUR_SECONDS;
    Object from = null;
    do {
      Page<Row<DeletedFile, Long>> page = engine.list(Records.DELETED_FILE, Volume.KEY, from, PAGE);
      page.rows().stream()
          .filter(row -> row.value() < before)
          .forEach(row -> remover.remove(row.key()));
      from = page.next();
    } while (from != null);
  }

  /** Clones that were begun more than a day ago and never attached. Only gc does this. */
  public void removeDetached() {
    long before = operations.now().seconds() - 24 * HOUR_SECONDS;
    List<Ino> due = new ArrayList<>();
    Object from = null;
    do {
      Page<Row<Ino, Long>> page = engine.list(Records.DETACHED, Volume.KEY, from, PAGE);
      page.rows().stream().filter(row -> row.value() < before).map(Row::key).forEach(due::add);
      from = page.next();
    } while (from != null);
    for (Ino top : due) {
      try {
        long unused =
            new RemoveTree(namespace, RemoveTree.SAFE_BATCH, true).clear(Caller.ROOT, top);
        operations.run(top, txn -> Clone.discard(txn, top));
      } catch (FsException e) {
        LOG.warn("unfinished clone {}: {}", top, e.getMessage());
      }
    }
  }

  /**
   * Lets go of chunks whose file is not there. Each is looked at again: a file that is there keeps
   * its chunks. Only gc does this.
   *
   * @return how many went
   */
  public long removeStrayChunks(List<ChunkKey> chunks) {
    return chunks.stream().filter(remover::removeStray).count();
  }

  /**
   * Objects of slices without references; counts that say nothing.
   *
   * @return how many such slices there were
   */
  public long removeFreeSlices() throws FsException {
    long found = 0;
    Object from = null;
    do {
      Page<Row<SliceId, long[]>> page = engine.scan(Records.SLICE_REF, from, PAGE);
      for (Row<SliceId, long[]> row : page.rows()) {
        if (row.value()[0] < 0) {
          found++;
          remover.remove(row.key());
        } else if (row.value()[0] == 0) {
          remover.dropZero(row.key());
        }
      }
      from = page.next();
    } while (from != null);
    return found;
  }

  /** Deleted entries and replaced slices whose days in the trash are over. */
  public void emptyTrash() throws FsException {
    long now = operations.now().seconds();
    emptyHours(now - (24L * trashDays.getAsInt() + 2) * HOUR_SECONDS);
    removeDelayed(now - trashDays.getAsInt() * 24L * HOUR_SECONDS);
  }

  private void removeDelayed(long before) {
    List<DelayedSlice> due = new ArrayList<>();
    Object from = null;
    do {
      Page<Row<DelayedSlice, List<SliceId>>> page = engine.scan(Records.DELAYED_SLICES, from, PAGE);
      page.rows().stream()
          .map(Row::key)
          .filter(row -> row.unixSeconds() < before)
          .forEach(due::add);
      from = page.next();
    } while (from != null);
    due.forEach(remover::remove);
  }

  private void emptyHours(long before) throws FsException {
    Object from = null;
    List<DirEntry> hours = new ArrayList<>();
    do {
      Page<DirEntry> page = namespace.readdir(Caller.ROOT, Ino.TRASH_ROOT, from, PAGE, false);
      hours.addAll(page.rows());
      from = page.next();
    } while (from != null);
    for (DirEntry hour : hours) {
      Long time = timeOf(hour.name());
      if (time != null && time < before) {
        LOG.info("empty trash {}", hour.name());
        emptyHour(hour);
      }
    }
  }

  /** Another client, or gc, may be about the same: whoever comes second finds nothing. */
  private void emptyHour(DirEntry hour) throws FsException {
    try {
      new RemoveTree(namespace, RemoveTree.SAFE_BATCH, true)
          .clear(Caller.ROOT, hour.dentry().ino());
      namespace.expireTrash(hour.name());
    } catch (FsException e) {
      if (e.errno() != Errno.ENOENT) {
        throw e;
      }
    }
  }

  private static @Nullable Long timeOf(Name hour) {
    try {
      return LocalDateTime.parse(hour.toString(), HOUR_NAME).toEpochSecond(ZoneOffset.UTC);
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
