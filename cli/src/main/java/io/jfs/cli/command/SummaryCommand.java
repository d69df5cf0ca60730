package io.jfs.cli.command;

import io.jfs.cli.control.ControlAnswer;
import io.jfs.cli.control.ControlChannel;
import io.jfs.cli.control.ControlChannel.ProgressListener;
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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code jfs summary}: what uses the space of a tree. Vfs-cli spec 3.8. */
final class SummaryCommand implements Command {
  private static final Logger log = LoggerFactory.getLogger(SummaryCommand.class);
  private static final int OPCODE = 1007;
  private static final long MAX_DEPTH = 10;
  private static final long MAX_ENTRIES = 100;
  private static final int DIRECTORY = 2;

  private static final Option<Long> DEPTH =
      Option.number("depth d", "2", "how deep to show the tree, at most 10; 0: only the top");

  private static final Option<Long> ENTRIES =
      Option.number("entries e", "10", "show so many entries of a directory, at most 100");

  private static final Option<Boolean> STRICT =
      Option.flag("strict", "sum up exactly where a mount would trust its statistics");

  private static final Option<Boolean> CSV =
      Option.flag("csv", "print comma separated values, sizes in bytes");

  @Override
  public String name() {
    return "summary";
  }

  @Override
  public String summary() {
    return "Show what uses the space of a tree.";
  }

  @Override
  public List<String> arguments() {
    return List.of("PATH");
  }

  @Override
  public String explanation() {
    return """
        Shows the biggest entries of a directory and of those below it; what is left out is summed
        up as "...". Works on a mount of jfs or of JuiceFS. A jfs mount always sums up exactly, a
        JuiceFS one with --strict.

        Examples:
          jfs summary /mnt/jfs
          jfs summary -d 5 -e 20 --csv /mnt/jfs/directory
        """;
  }

  @Override
  public List<OptionGroup> options() {
    return List.of(OptionGroup.of("SUMMARY", DEPTH, ENTRIES, STRICT, CSV));
  }

  @Override
  public int run(Invocation invocation) throws CommandException, UsageException {
    Options options = invocation.options();
    Path path = MountedPath.existing(invocation.arguments().get(0));
    byte[] payload =
        new ControlPayload()
            .inode(MountedPath.inode(path))
            .u8(limited(options, DEPTH, MAX_DEPTH))
            .u8(limited(options, ENTRIES, MAX_ENTRIES))
            .u8(options.get(STRICT) ? 1 : 0)
            .bytes();
    Fields answer = ask(MountedPath.directoryOf(path), payload);
    if (answer.number("Errno") != 0) {
      throw new CommandException(
          "\"" + path + "\": " + ControlAnswer.text((int) answer.number("Errno")));
    }
    List<Line> lines = new ArrayList<>();
    collect(lines, answer.object("Tree"));
    invocation.out().print(options.get(CSV) ? csv(lines) : table(lines));
    return 0;
  }

  private static int limited(Options options, Option<Long> option, long most)
      throws UsageException {
    long value = options.get(option);
    if (value < 0) {
      throw new UsageException("invalid value for --" + option.name() + ": " + value);
    }
    if (value > most) {
      log.warn("{} should be less than {}", option.name(), most + 1);
    }
    return (int) Math.min(value, most);
  }

  private static Fields ask(Path directory, byte[] payload) throws CommandException {
    try (ControlChannel channel = ControlChannel.open(directory);
        Progress progress = Progress.onStandardError()) {
      Counter entries = progress.spinner("Entries", Unit.COUNT);
      Counter size = progress.spinner("Size", Unit.BYTES);
      ControlAnswer answer = channel.ask(OPCODE, payload, ProgressListener.of(entries, size));
      if (!answer.isDone()) {
        throw new CommandException("\"" + directory + "\": " + answer.reason());
      }
      return answer.fields();
    }
  }

  private record Line(String path, long size, long dirs, long files) {}

  private static void collect(List<Line> lines, Fields usage) {
    String path = usage.text("Path");
    boolean slash = path.isEmpty() || usage.number("Type") == DIRECTORY;
    lines.add(
        new Line(
            slash ? path + "/" : path,
            usage.number("Size"),
            usage.number("Dirs"),
            usage.number("Files")));
    usage.objects("Children").forEach(child -> collect(lines, child));
  }

  private static String table(List<Line> lines) {
    Table table = Table.withNames("PATH", "SIZE", "DIRS", "FILES");
    for (Line line : lines) {
      table.row(
          line.path,
          Units.humanBytes(line.size),
          Long.toString(line.dirs),
          Long.toString(line.files));
    }
    return table.toString();
  }

  private static String csv(List<Line> lines) {
    StringBuilder text = new StringBuilder("PATH,SIZE,DIRS,FILES\n");
    for (Line line : lines) {
      text.append(quoted(line.path)).append(',').append(line.size).append(',');
      text.append(line.dirs).append(',').append(line.files).append('\n');
    }
    return text.toString();
  }

  /** RFC 4180. */
  private static String quoted(String field) {
    boolean plain = field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? field : '"' + field.replace("\"", "\"\"") + '"';
  }
}
