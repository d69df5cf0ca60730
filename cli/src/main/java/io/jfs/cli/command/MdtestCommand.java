package io.jfs.cli.command;

import static io.jfs.cli.bench.JobFile.atLeastOne;

import io.jfs.cli.bench.Load;
import io.jfs.cli.bench.Measured;
import io.jfs.cli.bench.MetaTree;
import io.jfs.cli.bench.OperationLog;
import io.jfs.cli.option.MetaOptions;
import io.jfs.cli.option.Option;
import io.jfs.cli.option.OptionGroup;
import io.jfs.cli.option.Options;
import io.jfs.cli.option.UsageException;
import io.jfs.cli.progress.Counter;
import io.jfs.cli.progress.Progress;
import io.jfs.cli.progress.Unit;
import io.jfs.cli.watch.Screen;
import io.jfs.meta.Meta;
import io.jfs.meta.MetaConfig;
import io.jfs.meta.SliceReaper;
import io.jfs.meta.VolumeMeta;
import io.jfs.meta.engine.Engines;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.JsonText;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.NewInode;
import io.jfs.meta.session.SessionFacts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code jfs mdtest}: how fast a metadata engine makes a tree of files. Vfs-cli spec 3.8. */
final class MdtestCommand implements Command {
  private static final Logger log = LoggerFactory.getLogger(MdtestCommand.class);

  private static final Option<Long> THREADS = Option.number("threads", "1", "threads at once");

  private static final Option<Long> DIRS =
      Option.number("dirs", "3", "subdirectories of each directory");

  private static final Option<Long> DEPTH =
      Option.number("depth", "2", "levels of directories below the first");

  private static final Option<Long> FILES =
      Option.number("files", "10", "files of each thread in each directory");

  private static final Option<Long> WRITE =
      Option.number("write", "0", "length of a file in bytes, without data");

  private static final Option<String> ACCESS_LOG =
      Option.text("access-log", "FILE", "", "append a line for each operation to this file");

  private static final Option<Boolean> JSON = Option.flag("json", "print the results as JSON");

  @Override
  public String name() {
    return "mdtest";
  }

  @Override
  public String summary() {
    return "Measure how fast a metadata engine makes a tree.";
  }

  @Override
  public List<String> arguments() {
    return List.of("META-URL", "PATH");
  }

  @Override
  public List<OptionGroup> options() {
    return List.of(
        OptionGroup.of("MDTEST", THREADS, DIRS, DEPTH, FILES, WRITE, ACCESS_LOG, JSON),
        OptionGroup.of("META", MetaOptions.SUBDIR, MetaOptions.SKIP_DIR_MTIME));
  }

  @Override
  public String explanation() {
    return """
        Makes a tree of directories in PATH of the volume, one after the other, and then files in
        each of them from all threads at once, each thread with files of its own and in an order of
        its own. No mount and no object store take part: files that --write gives a length have no
        data, cannot be read, and jfs fsck says so. The tree stays, so that it can be listed and
        measured otherwise; remove it when done, e.g. with jfs rmr on a mount.

        Example:
          jfs mdtest redis://localhost/1 /test1 --threads 8 --files 100
        """;
  }

  @Override
  public int run(Invocation invocation) throws CommandException, UsageException {
    Options options = invocation.options();
    MetaTree.Plan plan = plan(options);
    String path = invocation.arguments().get(1);
    if (!path.startsWith("/")) {
      throw new UsageException("PATH: \"" + path + "\" is not absolute");
    }
    try (VolumeMeta meta = open(invocation.arguments().get(0), options)) {
      Caller caller = ProcessUser.caller();
      try (OperationLog operations = operationLog(options.get(ACCESS_LOG), caller)) {
        int umask = ProcessUser.umask();
        Ino top = makeTop(meta, caller, umask, path);
        MetaTree tree = new MetaTree(meta, caller, umask, plan, operations, Clock.systemUTC());
        List<Measured> rows = measure(tree, plan, top, path.equals("/") ? "" : path);
        invocation
            .out()
            .print(
                options.get(JSON)
                    ? JsonText.of(
                            Map.of("results", rows.stream().map(Measured::json).toList()), "  ")
                        + "\n"
                    : Measured.table(rows, Screen.standard(false)).toString());
      }
      return 0;
    } catch (FsException e) {
      throw new CommandException(path + ": " + e.getMessage(), e);
    } catch (Exception e) {
      throw new CommandException(Causes.oneLine(e), e);
    }
  }

  private static MetaTree.Plan plan(Options options) throws UsageException {
    long depth = options.get(DEPTH);
    long width = options.get(DIRS);
    long length = options.get(WRITE);
    if (depth < 0 || width < 0 || length < 0) {
      throw new UsageException("--depth, --dirs and --write must not be negative");
    }
    MetaTree.Plan plan =
        new MetaTree.Plan(
            atLeastOne("--threads", options.get(THREADS)),
            (int) Math.min(width, Integer.MAX_VALUE),
            (int) Math.min(depth, Integer.MAX_VALUE),
            atLeastOne("--files", options.get(FILES)),
            length);
    try {
      int unused = plan.directories();
    } catch (IllegalArgumentException e) {
      throw new UsageException("--dirs, --depth: " + e.getMessage());
    }
    return plan;
  }

  private static VolumeMeta open(String url, Options options) throws FormatException {
    String subdir = options.get(MetaOptions.SUBDIR);
    return VolumeMeta.open(
        Engines.open(url, System.getenv()),
        MetaConfig.DEFAULT
            .withBackgroundJobs(false)
            .withSkipDirMtimeMillis(options.get(MetaOptions.SKIP_DIR_MTIME).toMillis())
            .withSubdir(subdir.isEmpty() ? "/" : subdir),
        SessionFacts.ofThisProcess("mdtest", Clock.systemUTC().instant()),
        SliceReaper.NONE);
  }

  private static @Nullable OperationLog operationLog(String file, Caller caller)
      throws IOException {
    return file.isEmpty() ? null : new OperationLog(Path.of(file), caller, Clock.systemUTC());
  }

  /** The directory of a path, whose last part is made if it is missing. */
  private static Ino makeTop(Meta meta, Caller caller, int umask, String path) throws FsException {
    Ino ino = Ino.ROOT;
    String[] names = path.substring(1).split("/+");
    for (int i = 0; i < names.length; i++) {
      if (names[i].isEmpty()) {
        continue;
      }
      Name name = Name.of(names[i]);
      Entry found = meta.lookup(caller, ino, name);
      if (found == null && i < names.length - 1) {
        throw Errno.ENOENT.exception();
      }
      ino =
          found == null
              ? meta.create(caller, ino, name, NewInode.directory(0777, umask)).ino()
              : found.ino();
    }
    return ino;
  }

  private static List<Measured> measure(MetaTree tree, MetaTree.Plan plan, Ino top, String path)
      throws Exception {
    log.info("Create {} files in {} dirs", plan.allFiles(), plan.directories());
    Load.Result directories = tree.makeDirectories(top, path);
    log.info("Created {} dirs in {}", plan.directories(), rate(directories, "dirs"));
    Load.Result files;
    try (Progress progress = Progress.onStandardError()) {
      Counter made = progress.bar("create file", Unit.COUNT, plan.allFiles());
      files = tree.makeFiles(made::increment);
    }
    log.info("Created {} files in {}", plan.allFiles(), rate(files, "files"));
    return List.of(row("mkdir", "dirs", directories), row("create file", "files", files));
  }

  private static String rate(Load.Result result, String what) {
    return String.format(
        Locale.ROOT, "%.3fs (%.0f %s/s)", result.elapsedNanos() / 1e9, result.perSecond(), what);
  }

  private static Measured row(String item, String what, Load.Result result) {
    return new Measured(
        item,
        String.format(Locale.ROOT, "%.1f %s/s", result.perSecond(), what),
        String.format(Locale.ROOT, "%.2f ms", result.averageNanos() / 1e6),
        result);
  }
}
