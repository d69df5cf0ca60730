package io.jfs.cli.command;

import io.jfs.cli.VolumeTool;
import io.jfs.cli.VolumeTool.Access;
import io.jfs.cli.admin.GarbageCollection;
import io.jfs.cli.admin.GarbageCollection.Deleted;
import io.jfs.cli.admin.GarbageCollection.Parts;
import io.jfs.cli.admin.ObjectAudit.Tallies;
import io.jfs.cli.admin.ObjectAudit.Verdict;
import io.jfs.cli.option.Option;
import io.jfs.cli.option.OptionGroup;
import io.jfs.cli.option.Options;
import io.jfs.cli.option.UsageException;
import io.jfs.cli.progress.Counter;
import io.jfs.cli.progress.Progress;
import io.jfs.cli.progress.Unit;
import io.jfs.meta.admin.SliceInventory;
import io.jfs.meta.admin.SliceInventory.Waiting;
import io.jfs.meta.admin.StrayChunks;
import io.jfs.meta.admin.StrayChunks.Stray;
import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.model.FsException;
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
  private static final int MOST_NAMED = 100;

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
        writes them may not have told yet (JFS_GC_SKIPPEDTIME sets other seconds). Chunks in the
        metadata whose inode is not there, as clients leave them that die while they delete a file,
        are told apart; --delete lets go of them and of their data. Without --delete and --compact
        nothing is changed. The volume may be in use. Needs little memory however large the volume
        is.

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
      GarbageCollection collection =
          new GarbageCollection(
              new Parts(tool.engine(), tool.meta(), tool.slices(), tool.objects()),
              threads,
              progress);
      if (delete) {
        collection.deleteWhatIsDue();
      }
      strayChunks(tool, progress, delete);
      if (compact) {
        log.info("Compacted {} chunks.", collection.compact());
      }
      Instant before = now.minus(grace);
      if (delete) {
        delete(collection, before, waiting);
      } else {
        look(collection, before, waiting);
      }
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

  /** Before objects are judged: those of a stray chunk's slices are in use until it is gone. */
  private static void strayChunks(VolumeTool tool, Progress progress, boolean delete) {
    Counter looked = progress.spinner("Stray chunks", Unit.COUNT);
    List<Stray> strays = StrayChunks.find(tool.engine());
    looked.add(strays.size());
    looked.end();
    if (strays.isEmpty()) {
      return;
    }
    strays.stream()
        .map(stray -> stray.chunk().ino().toString())
        .distinct()
        .limit(MOST_NAMED)
        .forEach(ino -> log.info("chunks of inode {}, which is not there", ino));
    log.info(
        "found {} chunks without an inode ({} slices, {} bytes)",
        strays.size(),
        strays.stream().mapToLong(Stray::slices).sum(),
        strays.stream().mapToLong(Stray::bytes).sum());
    if (delete) {
      List<ChunkKey> chunks = strays.stream().map(Stray::chunk).toList();
      long gone = tool.meta().housekeeping().removeStrayChunks(chunks);
      log.info("Deleted {} chunks without an inode", gone);
    } else {
      log.info("Please add `--delete` to delete chunks without an inode");
    }
  }

  private static void look(GarbageCollection collection, Instant before, Waiting waiting)
      throws IOException {
    Tallies found = collection.look(before);
    report(found, waiting);
    if (found.of(Verdict.LEAKED).objects() > 0) {
      log.info("Please add `--delete` to clean leaked objects");
    }
  }

  private static void delete(GarbageCollection collection, Instant before, Waiting waiting)
      throws FsException, IOException, CommandException {
    Deleted deleted = collection.deleteLeaked(before);
    log.info("Deleted {} pending slices", deleted.freeSlices());
    report(deleted.found(), waiting);
    if (deleted.failures() > 0) {
      throw new CommandException(deleted.failures() + " objects could not be deleted, try again");
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
