package io.jfs.cli.command;

import io.jfs.chunk.object.ObjectStore;
import io.jfs.cli.DataStore;
import io.jfs.cli.fsck.BlockCheck;
import io.jfs.cli.fsck.BlockCheck.Lost;
import io.jfs.cli.fsck.MetadataCheck;
import io.jfs.cli.fsck.Scope;
import io.jfs.cli.option.Option;
import io.jfs.cli.option.OptionGroup;
import io.jfs.cli.option.Options;
import io.jfs.meta.admin.Finding;
import io.jfs.meta.admin.InodePaths;
import io.jfs.meta.admin.VolumeAdmin;
import io.jfs.meta.admin.VolumeCheck;
import io.jfs.meta.admin.VolumeCheck.SliceUse;
import io.jfs.meta.engine.Engines;
import io.jfs.meta.model.Format;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.SliceId;
import io.jfs.meta.txn.Engine;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code jfs fsck}: checks that all records of a volume agree and that every block that a file
 * needs is there and whole; repairs records if asked to. Data spec 5.7.
 */
final class FsckCommand implements Command {
  private static final Logger log = LoggerFactory.getLogger(FsckCommand.class);

  private static final Option<String> PATH =
      Option.text("path", "PATH", "", "check only what this absolute path leads to");

  private static final Option<Boolean> RECURSIVE =
      Option.flag("recursive r", "with --path: and everything below it");

  private static final Option<Boolean> REPAIR =
      Option.flag("repair", "repair metadata where that is possible");

  private static final Option<Integer> REPAIR_DIR_MODE =
      Option.octal("repair-dir-mode", "0755", "mode of directories that are made anew");

  private static final Option<Boolean> SYNC_DIR_STAT =
      Option.flag("sync-dir-stat", "count the statistics of all directories anew");

  @Override
  public String name() {
    return "fsck";
  }

  @Override
  public String summary() {
    return "Check a volume, and repair its metadata.";
  }

  @Override
  public List<String> arguments() {
    return List.of("META-URL");
  }

  @Override
  public List<OptionGroup> options() {
    return List.of(OptionGroup.of("FSCK", PATH, RECURSIVE, REPAIR, REPAIR_DIR_MODE, SYNC_DIR_STAT));
  }

  @Override
  public String explanation() {
    return """
        Prints one line for each thing that does not add up: DAMAGE (data is lost or in danger),
        WRONG, or HINT (a statistic is off or a block is left over, as after a crash). Exit code 1
        if anything but hints remains.

        The volume may be in use: what looks wrong then is looked at again some seconds later, and
        only told if it has not moved. Blocks that a mount with --writeback has not uploaded yet
        are missing.

        --repair sets link counts, parents, types, counters, statistics and references of slices
        to what they should be, removes what belongs to nothing, makes attributes that cannot be
        read or are missing anew from what is left of a file or directory (owner root), removes
        entries that lead to nothing, and puts what has no entry any more into /lost+found. Each
        repair looks again in its own transaction. Lost blocks cannot be repaired.

        Examples:
          jfs fsck redis://localhost/1
          jfs fsck redis://localhost/1 --path /team --recursive --repair
        """;
  }

  @Override
  public int run(Invocation invocation) throws CommandException {
    Options options = invocation.options();
    PrintStream out = invocation.out();
    try (Engine engine = Engines.open(invocation.arguments().get(0), System.getenv())) {
      Format format = new VolumeAdmin(engine).load();
      InodePaths paths = new InodePaths(engine);
      Scope scope =
          options.has(PATH)
              ? Scope.of(paths, options.get(PATH), options.get(RECURSIVE))
              : Scope.volume();
      long bad = checkMetadata(engine, scope, options, out);
      if (options.get(SYNC_DIR_STAT)) {
        MetadataCheck check = new MetadataCheck(engine, scope, options.get(REPAIR_DIR_MODE));
        log.info("Counted {} directories", check.syncDirectoryStatistics());
      }
      checkBlocks(engine, format, scope, out);
      if (bad > 0) {
        throw new CommandException(bad + " findings");
      }
      return 0;
    } catch (FormatException | FsException | IOException e) {
      throw new CommandException(Causes.oneLine(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("interrupted", e);
    }
  }

  /** How many findings are there that are no mere hints. */
  private static long checkMetadata(Engine engine, Scope scope, Options options, PrintStream out)
      throws FsException, InterruptedException {
    MetadataCheck check = new MetadataCheck(engine, scope, options.get(REPAIR_DIR_MODE));
    List<Finding> found = check.find();
    if (options.get(REPAIR)) {
      found =
          check.repair(
              found,
              done -> out.println("REPAIRED " + MetadataCheck.line(done, new InodePaths(engine))));
    }
    InodePaths paths = new InodePaths(engine);
    found.forEach(finding -> out.println(MetadataCheck.line(finding, paths)));
    return found.stream()
        .filter(finding -> finding.kind().severity() != Finding.Severity.HINT)
        .count();
  }

  private static void checkBlocks(Engine engine, Format format, Scope scope, PrintStream out)
      throws IOException, CommandException {
    try (ObjectStore store = DataStore.open(format)) {
      SliceUse use = VolumeCheck.slices(engine, scope::contains);
      BlockCheck check = new BlockCheck(format, store, Clock.systemUTC().instant());
      List<Lost> lost = stillNeeded(engine, scope, check.run(use, scope.isVolume()));
      if (!check.leaked().isEmpty()) {
        check.leaked().forEach(name -> out.println("HINT LEAKED_BLOCK " + name));
        log.info(
            "{} objects belong to nothing, `jfs gc --delete` removes them", check.leaked().size());
      }
      if (!lost.isEmpty()) {
        throw broken(engine, lost, out);
      }
    }
  }

  /** What was deleted or compacted since the slices were listed is missing with good reason. */
  private static List<Lost> stillNeeded(Engine engine, Scope scope, List<Lost> lost) {
    if (lost.isEmpty()) {
      return lost;
    }
    Set<SliceId> needed = VolumeCheck.slices(engine, scope::contains).needed();
    return lost.stream().filter(block -> needed.contains(block.slice())).toList();
  }

  private static CommandException broken(Engine engine, List<Lost> lost, PrintStream out) {
    Map<SliceId, Set<Ino>> owners =
        VolumeCheck.owners(engine, lost.stream().map(Lost::slice).collect(Collectors.toSet()));
    InodePaths paths = new InodePaths(engine);
    Map<Ino, String> files = new TreeMap<>();
    for (Lost block : lost) {
      for (Ino ino : owners.getOrDefault(block.slice(), Set.of())) {
        String path = String.join(" ", paths.of(ino));
        files.put(ino, path);
        out.println(
            "DAMAGE LOST_BLOCK inode "
                + ino
                + " "
                + path
                + ": can't find block "
                + block.name()
                + ": "
                + block.trouble());
      }
    }
    long bytes = lost.stream().mapToLong(Lost::sizeBytes).sum();
    StringBuilder text = new StringBuilder();
    text.append(lost.size()).append(" objects are lost (").append(bytes).append(" bytes), ");
    text.append(files.size()).append(" broken files:\n");
    text.append(String.format("%13s: PATH", "INODE"));
    files.forEach((ino, path) -> text.append(String.format("%n%13s: %s", ino, path)));
    return new CommandException(text.toString());
  }
}
