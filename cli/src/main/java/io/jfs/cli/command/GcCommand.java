package io.jfs.cli.command;

import io.jfs.cache.block.BlockNaming;
import io.jfs.cli.VolumeTool;
import io.jfs.cli.VolumeTool.Access;
import io.jfs.cli.admin.ChunkCompaction;
import io.jfs.cli.admin.ObjectAudit;
import io.jfs.cli.admin.ObjectAudit.Tallies;
import io.jfs.cli.admin.ObjectAudit.Verdict;
import io.jfs.cli.admin.ObjectDeletion;
import io.jfs.cli.option.Option;
import io.jfs.cli.option.OptionGroup;
import io.jfs.cli.option.Options;
import io.jfs.cli.option.UsageException;
import io.jfs.cli.progress.Counter;
import io.jfs.cli.progress.Progress;
import io.jfs.cli.progress.Unit;
import io.jfs.meta.admin.SliceInventory;
import io.jfs.meta.admin.SliceInventory.Use;
import io.jfs.meta.admin.SliceInventory.Waiting;
import io.jfs.meta.background.HourlyJobs;
import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.model.Format;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.SliceId;
import io.jfs.vfs.compact.Compactor;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code jfs gc}: finds objects that no file needs, and on request deletes them and what the trash
 * no longer protects. The volume may be in use. A run that was broken off is simply done again.
 */
final class GcCommand implements Command {
  private static final Logger log = LoggerFactory.getLogger(GcCommand.class);
  private static final Duration GRACE = Duration.ofHours(1);

  private static final Option<Boolean> DELETE =
      Option.flag(
          "delete", "delete leaked objects, and trash, slices and files whose time is over");
  private static final Option<Boolean> COMPACT =
      Option.flag("compact", "make one slice of each chunk that has several");

  @Override
  public String name() {
    return "gc";
  }

  @Override
  public String summary() {
    return "Find and delete data that no file needs.";
  }

  @Override
  public List<String> arguments() {
    return List.of("META-URL");
  }

  @Override
  public List<OptionGroup> options() {
    return List.of(OptionGroup.of("GC", DELETE, COMPACT, Threads.OPTION));
  }

  @Override
  public String explanation() {
    return """
        Compares all objects with all slices in the metadata and tells how many objects are valid,
        wait for their deletion, were replaced by a compaction and are kept by the trash, or are
        leaked: nobody knows them. Objects younger than an hour are never judged, because whoever
        writes them may not have told yet (JFS_GC_SKIPPEDTIME sets other seconds). Without --delete and
        --compact nothing is changed. The volume may be in use. Needs little memory however large
        the volume is.

        Examples:
          jfs gc redis://localhost/1
          jfs gc --delete redis://localhost/1
        """;
  }

  @Override
  public int run(Invocation invocation) throws CommandException, UsageException {
    Options options = invocation.options();
    boolean delete = options.get(DELETE);
    boolean compact = options.get(COMPACT);
    int threads = Threads.of(options);
    Duration grace = grace();
    Access access = delete || compact ? Access.CHANGE : Access.LOOK;
    try (VolumeTool tool = VolumeTool.open(invocation.arguments().get(0), "gc", access, threads);
        Progress progress = Progress.onStandardError()) {
      log.info("Data use {}", tool.objects().describe());
      Instant now = Clock.systemUTC().instant();
      long days = tool.meta().format().trashDays();
      Waiting waiting =
          SliceInventory.waiting(tool.engine(), now.minus(Duration.ofDays(days)).getEpochSecond());
      if (delete) {
        deleteWhatIsDue(tool.meta().housekeeping());
      }
      if (compact) {
        compact(tool, progress, threads);
      }
      audit(tool, progress, delete ? threads : 0, now.minus(grace), waiting);
      return 0;
    } catch (FsException | IOException e) {
      throw new CommandException(Causes.oneLine(e), e);
    }
  }

  private static Duration grace() throws UsageException {
    String seconds = System.getenv("JFS_GC_SKIPPEDTIME");
    try {
      return seconds == null || seconds.isEmpty()
          ? GRACE
          : Duration.ofSeconds(Long.parseUnsignedLong(seconds));
    } catch (NumberFormatException e) {
      throw new UsageException("JFS_GC_SKIPPEDTIME: \"" + seconds + "\" is not a number");
    }
  }

  private static void deleteWhatIsDue(HourlyJobs jobs) throws FsException {
    jobs.emptyTrash();
    jobs.removeDetached();
    jobs.removeDeletedFiles();
  }

  private static void compact(VolumeTool tool, Progress progress, int threads) {
    Counter chunks = progress.spinner("Compacted chunks", Unit.COUNT);
    try (Compactor compactor = new Compactor(tool.meta(), tool.slices(), (ino, index) -> {});
        ChunkCompaction compaction = new ChunkCompaction(compactor, threads, chunks::increment)) {
      SliceInventory.visit(
          tool.engine(),
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
      log.info("Compacted {} chunks.", compaction.finish());
    }
    chunks.end();
  }

  private static void audit(
      VolumeTool tool, Progress progress, int deleters, Instant before, Waiting waiting)
      throws FsException, IOException, CommandException {
    Format format = tool.meta().format();
    try (ObjectAudit audit =
        new ObjectAudit(BlockNaming.of(format.hashPrefix()), format.blockSizeBytes())) {
      Counter listed = progress.spinner("Listed slices", Unit.COUNT);
      SliceInventory.visit(
          tool.engine(),
          (slice, use) -> {
            audit.know(slice, use);
            listed.increment();
          });
      listed.end();
      ObjectAudit.InUse inUse = audit.inUse();
      log.info("using {} slices ({} bytes)", inUse.slices(), inUse.bytes());
      Counter scanned = progress.spinner("Scanned objects", Unit.COUNT);
      if (deleters == 0) {
        Tallies found = audit.run(tool.objects(), before, object -> {}, scanned::increment);
        report(found, waiting);
        if (found.of(Verdict.LEAKED).objects() > 0) {
          log.info("Please add `--delete` to clean leaked objects");
        }
      } else {
        deleteLeaked(tool, audit, progress, scanned, deleters, before, waiting);
      }
    }
  }

  private static void deleteLeaked(
      VolumeTool tool,
      ObjectAudit audit,
      Progress progress,
      Counter scanned,
      int deleters,
      Instant before,
      Waiting waiting)
      throws FsException, IOException, CommandException {
    Counter deleted = progress.spinner("Deleted leaked objects", Unit.COUNT);
    try (ObjectDeletion deletion =
        new ObjectDeletion(tool.objects(), deleters, deleted::increment)) {
      Tallies found =
          audit.run(
              tool.objects(), before, object -> deletion.add(object.key()), scanned::increment);
      long failures = deletion.finish();
      log.info("Deleted {} pending slices", tool.meta().housekeeping().removeFreeSlices());
      report(found, waiting);
      if (failures > 0) {
        throw new CommandException(failures + " objects could not be deleted, try again");
      }
    }
  }

  private static void report(Tallies found, Waiting waiting) {
    log.info(
        "scanned {} objects, {} valid, {} pending delete ({} bytes), {} compacted ({} bytes),"
            + " {} leaked ({} bytes), {} delslices ({} bytes), {} delfiles ({} bytes),"
            + " {} skipped ({} bytes)",
        found.objects(),
        found.of(Verdict.VALID).objects(),
        found.of(Verdict.PENDING).objects(),
        found.of(Verdict.PENDING).bytes(),
        found.of(Verdict.COMPACTED).objects(),
        found.of(Verdict.COMPACTED).bytes(),
        found.of(Verdict.LEAKED).objects(),
        found.of(Verdict.LEAKED).bytes(),
        waiting.slices(),
        waiting.sliceBytes(),
        waiting.files(),
        waiting.fileBytes(),
        found.of(Verdict.SKIPPED).objects(),
        found.of(Verdict.SKIPPED).bytes());
  }
}
