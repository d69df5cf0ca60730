package io.jfs.cli.admin;

import io.jfs.cache.block.BlockNaming;
import io.jfs.chunk.object.ObjectInfo;
import io.jfs.chunk.object.ObjectStore;
import io.jfs.chunk.slice.SliceStore;
import io.jfs.cli.admin.ObjectAudit.Tallies;
import io.jfs.cli.progress.Counter;
import io.jfs.cli.progress.Progress;
import io.jfs.cli.progress.Unit;
import io.jfs.meta.VolumeMeta;
import io.jfs.meta.admin.SliceInventory;
import io.jfs.meta.admin.SliceInventory.Use;
import io.jfs.meta.background.HourlyJobs;
import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.model.Format;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.SliceId;
import io.jfs.meta.txn.Engine;
import io.jfs.vfs.compact.Compactor;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what no file needs, compacts, and deletes, on a volume that may be in use. Every step may
 * be broken off and done again. Data spec 5.6.
 */
public final class GarbageCollection {
  private static final Logger log = LoggerFactory.getLogger(GarbageCollection.class);

  private final Parts parts;
  private final int threads;
  private final Progress progress;

  /**
   * The volume's parts; all stay the caller's.
   *
   * @param engine the records, which are gone through
   * @param meta the files, which are changed
   * @param slices where compaction reads and writes
   * @param objects what is compared with the records
   */
  public record Parts(Engine engine, VolumeMeta meta, SliceStore slices, ObjectStore objects) {}

  /**
   * What was deleted.
   *
   * @param found all objects that were judged, leaked ones as they were before
   * @param failures leaked objects that could not be deleted
   * @param freeSlices slices without references whose objects were deleted
   */
  public record Deleted(Tallies found, long failures, long freeSlices) {}

  /** Works with so many threads. */
  public GarbageCollection(Parts parts, int threads, Progress progress) {
    this.parts = parts;
    this.threads = threads;
    this.progress = progress;
  }

  /** Deletes files, clones, and what the trash protects no longer, when their time is over. */
  public void deleteWhatIsDue() throws FsException {
    HourlyJobs jobs = parts.meta.housekeeping();
    jobs.emptyTrash();
    jobs.removeDetached();
    jobs.removeDeletedFiles();
  }

  /**
   * Makes one slice of each chunk that has several.
   *
   * @return how many chunks have fewer slices now
   */
  public long compact() {
    Counter chunks = progress.spinner("Compacted chunks", Unit.COUNT);
    try (Compactor compactor = new Compactor(parts.meta, parts.slices, (ino, index) -> {});
        ChunkCompaction compaction = new ChunkCompaction(compactor, threads, chunks::increment)) {
      SliceInventory.visit(
          parts.engine,
          new SliceInventory.Visitor() {
            @Override
            public void slice(SliceId slice, Use use) {}

            @Override
            public void chunk(ChunkKey chunk, List<Slice> records) {
              if (records.size() > 1) {
                compaction.add(chunk);
              }
            }
          });
      return compaction.finish();
    } finally {
      chunks.end();
    }
  }

  /**
   * Judges all objects, and changes nothing.
   *
   * @param before objects that are not older are skipped
   */
  public Tallies look(Instant before) throws IOException {
    try (ObjectAudit audit = audit()) {
      know(audit, 1);
      return run(audit, before, object -> {});
    }
  }

  /**
   * Judges all objects and deletes those that nobody knows, and those of slices without references.
   *
   * <p>Looks at the records twice: a slice that a copy moves behind the scan, and that is counted
   * once again before its count is scanned, is seen in neither place the first time.
   *
   * @param before objects that are not older are skipped
   */
  public Deleted deleteLeaked(Instant before) throws FsException, IOException {
    try (ObjectAudit audit = audit()) {
      know(audit, 2);
      parts.engine.sync(); // what is not in use now must not come back with a power loss
      Counter deleted = progress.spinner("Deleted leaked objects", Unit.COUNT);
      try (ObjectDeletion deletion =
          new ObjectDeletion(parts.objects, threads, deleted::increment)) {
        Tallies found = run(audit, before, object -> deletion.add(object.key()));
        long failures = deletion.finish();
        return new Deleted(found, failures, parts.meta.housekeeping().removeFreeSlices());
      }
    }
  }

  private ObjectAudit audit() {
    Format format = parts.meta.format();
    return new ObjectAudit(BlockNaming.of(format.hashPrefix()), format.blockSizeBytes());
  }

  private void know(ObjectAudit audit, int looks) {
    Counter listed = progress.spinner("Listed slices", Unit.COUNT);
    for (int look = 0; look < looks; look++) {
      SliceInventory.visit(
          parts.engine,
          (slice, use) -> {
            audit.know(slice, use);
            listed.increment();
          });
    }
    listed.end();
    ObjectAudit.InUse inUse = audit.inUse();
    log.info("using {} slices ({} bytes)", inUse.slices(), inUse.bytes());
  }

  private Tallies run(ObjectAudit audit, Instant before, Consumer<ObjectInfo> leaked)
      throws IOException {
    Counter scanned = progress.spinner("Scanned objects", Unit.COUNT);
    return audit.run(parts.objects, before, leaked, scanned::increment);
  }
}
