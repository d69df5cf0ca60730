package io.jfs.cli.command;

import io.jfs.cli.control.ControlAnswer;
import io.jfs.cli.control.ControlChannel;
import io.jfs.cli.control.ControlPayload;
import io.jfs.cli.control.Fields;
import io.jfs.cli.control.MountedPath;
import io.jfs.cli.option.Option;
import io.jfs.cli.option.OptionGroup;
import io.jfs.cli.option.Options;
import io.jfs.cli.option.Units;
import io.jfs.cli.option.UsageException;
import io.jfs.cli.progress.Counter;
import io.jfs.cli.progress.Progress;
import io.jfs.cli.progress.Unit;
import io.jfs.cli.text.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code jfs warmup}: fills the cache of a mount, empties it, or shows what is in it. */
final class WarmupCommand implements Command {
  private static final Logger log = LoggerFactory.getLogger(WarmupCommand.class);
  private static final int OPCODE = 1004;
  private static final int BATCH = 10_240;

  private static final Option<String> FILE =
      Option.text("file f", "LIST", "", "a file with a path in each line, besides PATH");

  private static final Option<Long> THREADS =
      Option.number("threads p", "50", "how many chunks are fetched at once");

  private static final Option<Boolean> BACKGROUND =
      Option.flag("background b", "do not wait; the mount goes on by itself");

  private static final Option<Boolean> EVICT =
      Option.flag("evict", "drop the files from the cache instead");

  private static final Option<Boolean> CHECK =
      Option.flag("check", "only show how much of them is in the cache");

  @Override
  public String name() {
    return "warmup";
  }

  @Override
  public String summary() {
    return "Fill a mount's cache with files, or drop them from it.";
  }

  @Override
  public List<String> arguments() {
    return List.of();
  }

  @Override
  public String explanation() {
    return """
        USAGE: jfs warmup [OPTIONS] [PATH...]

        Reads all data of files, and of those below directories, into the cache of the mount that
        they are on. All paths must be on one mount (of jfs or of JuiceFS).

        Examples:
          jfs warmup /mnt/jfs/directory
          find /mnt/jfs -name '*.model' > list && jfs warmup -f list
          jfs warmup --check /mnt/jfs/directory
        """;
  }

  @Override
  public List<OptionGroup> options() {
    return List.of(OptionGroup.of("WARMUP", FILE, THREADS, BACKGROUND, EVICT, CHECK));
  }

  private enum Action {
    WARM_UP(0, "warmup"),
    EVICT(1, "evict"),
    CHECK(2, "check");

    private final int number;
    private final String word;

    Action(int number, String word) {
      this.number = number;
      this.word = word;
    }
  }

  @Override
  public int run(Invocation invocation) throws CommandException, UsageException {
    Options options = invocation.options();
    Action action = action(options);
    int threads = ControlPayload.threads(options, THREADS);
    List<Path> paths = paths(invocation);
    if (paths.isEmpty()) {
      log.info("no path");
      return 0;
    }
    Path mount = MountedPath.mountPoint(paths.get(0));
    List<String> within = new ArrayList<>();
    for (Path path : paths) {
      if (path.startsWith(mount) && MountedPath.mountPoint(path).equals(mount)) {
        within.add("/" + mount.relativize(path));
      } else {
        log.error("Path \"{}\" is not under mount point \"{}\"", path, mount);
      }
    }
    boolean waits = !options.get(BACKGROUND);
    Found found = new Found();
    try (Progress progress = Progress.onStandardError()) {
      Counter files = progress.spinner("Files", Unit.COUNT);
      Counter bytes = progress.spinner("Data", Unit.BYTES);
      for (int at = 0; at < within.size(); at += BATCH) {
        List<String> batch = within.subList(at, Math.min(at + BATCH, within.size()));
        byte[] payload =
            new ControlPayload()
                .text(String.join("\n", batch))
                .u16(threads)
                .u8(waits ? 0 : 1)
                .u8(action.number)
                .bytes();
        found.add(ask(mount, payload, files, bytes));
      }
    }
    tell(invocation, action, within.size(), waits, found);
    return within.size() == paths.size() ? 0 : 1;
  }

  private static Action action(Options options) throws UsageException {
    if (options.get(CHECK) && options.get(EVICT)) {
      throw new UsageException("--check and --evict can't be used together");
    }
    if (options.get(CHECK)) {
      if (options.get(BACKGROUND)) {
        throw new UsageException("--check and --background can't be used together");
      }
      return Action.CHECK;
    }
    return options.get(EVICT) ? Action.EVICT : Action.WARM_UP;
  }

  private static List<Path> paths(Invocation invocation) throws CommandException {
    List<Path> paths = new ArrayList<>();
    for (String argument : invocation.arguments()) {
      paths.add(MountedPath.existing(argument));
    }
    String list = invocation.options().get(FILE);
    if (!list.isEmpty()) {
      try {
        for (String line : Files.readAllLines(Path.of(list))) {
          if (!line.isBlank()) {
            paths.add(MountedPath.existing(line.strip()));
          }
        }
      } catch (IOException e) {
        throw new CommandException("cannot read the list " + Causes.oneLine(e), e);
      }
    }
    return paths;
  }

  private static Fields ask(Path mount, byte[] payload, Counter files, Counter bytes)
      throws CommandException {
    long filesBefore = files.value();
    long bytesBefore = bytes.value();
    try (ControlChannel channel = ControlChannel.open(mount)) {
      ControlAnswer answer =
          channel.ask(
              OPCODE,
              payload,
              (moreFiles, moreBytes) -> {
                files.set(filesBefore + moreFiles);
                bytes.set(bytesBefore + moreBytes);
              });
      if (!answer.isDone()) {
        throw new CommandException("warmup of \"" + mount + "\": " + answer.reason());
      }
      return answer.fields();
    }
  }

  /** The sums of all answers. */
  private static final class Found {
    private long files;
    private long bytes;
    private long missing;
    private final Map<String, Long> places = new TreeMap<>();

    void add(Fields answer) {
      files += answer.number("FileCount");
      bytes += answer.number("TotalBytes");
      missing += answer.number("MissBytes");
      Map<String, Long> more = answer.object("Locations").numbers();
      more.forEach((place, size) -> places.merge(place, size, Long::sum));
    }
  }

  private static void tell(
      Invocation invocation, Action action, int paths, boolean waits, Found found) {
    if (!waits) {
      log.info("{} cache for {} paths in background", action.word, paths);
      return;
    }
    String size = Units.humanBytes(found.bytes);
    if (action != Action.CHECK) {
      log.info("{} cache: {} files ({} bytes)", action.word, found.files, size);
      return;
    }
    Table table = Table.withNames("Location", "Size", "Percentage");
    found.places.forEach(
        (place, bytes) ->
            table.row(place, Units.humanBytes(bytes), percentage(bytes, found.bytes)));
    if (!table.isEmpty()) {
      invocation.out().print(table);
    }
    long cached = found.bytes - found.missing;
    log.info(
        "check cache: {} files checked, {} of {} ({}) cached",
        found.files,
        Units.humanBytes(cached),
        size,
        percentage(cached, found.bytes));
  }

  private static String percentage(long part, long whole) {
    return String.format(Locale.ROOT, "%.1f%%", whole == 0 ? 0.0 : 100.0 * part / whole);
  }
}
