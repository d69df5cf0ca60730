package io.jfs.cli.command;

import io.jfs.cli.option.GlobalOptions;
import io.jfs.cli.option.Option;
import io.jfs.cli.option.OptionGroup;
import io.jfs.cli.option.Options;
import io.jfs.cli.option.UsageException;
import io.jfs.cli.watch.Screen;
import io.jfs.cli.watch.StatsTable;
import io.jfs.cli.watch.VirtualFile;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code jfs stats}: what a mount does, one line per interval. Vfs-cli spec 3.8. */
final class StatsCommand implements Command {
  private static final Option<String> SCHEMA =
      Option.text(
          "schema",
          "LETTERS",
          "ufmco",
          "sections from left to right: t time, u usage, f fuse, m meta, c blockcache, o object,"
              + " g memory of the language's runtime");
  private static final Option<Long> INTERVAL =
      Option.number("interval", "1", "seconds between two lines");
  private static final Option<Long> VERBOSITY =
      Option.number("verbosity l", "0", "1 shows more columns");
  private static final Option<Long> COUNT =
      Option.number("count c", "0", "lines to show; 0: until interrupted");
  private static final int LINES_PER_HEADER = 30;

  @Override
  public String name() {
    return "stats";
  }

  @Override
  public String summary() {
    return "Show live what a mount does.";
  }

  @Override
  public List<String> arguments() {
    return List.of("MOUNTPOINT");
  }

  @Override
  public List<OptionGroup> options() {
    return List.of(OptionGroup.of("STATS", SCHEMA, INTERVAL, VERBOSITY, COUNT));
  }

  @Override
  public String explanation() {
    return """
        Reads .stats of a mount, of jfs or JuiceFS, and shows the changes: operations per second
        with their mean latency in milliseconds, bytes per second, memory. The first line begins
        when the command does, so it shows no activity.

        Examples:
          jfs stats /mnt/jfs
          jfs stats /mnt/jfs -l 1 --interval 5 --schema tufmo
        """;
  }

  @Override
  public boolean endsBySignal() {
    return true;
  }

  @Override
  public int run(Invocation invocation) throws CommandException, UsageException {
    Options options = invocation.options();
    long interval = options.get(INTERVAL);
    if (interval < 1) {
      throw new UsageException("invalid value for --interval: at least 1");
    }
    Screen screen = Screen.standard(!options.get(GlobalOptions.NO_COLOR));
    StatsTable table = new StatsTable(options.get(SCHEMA), options.get(VERBOSITY), screen);
    Path stats = VirtualFile.find(invocation.arguments().get(0), ".stats");
    try {
      watch(invocation.out(), table, stats, interval, options.get(COUNT));
    } catch (IOException e) {
      throw new CommandException("the mount is gone: " + Causes.oneLine(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 0;
  }

  private static void watch(
      PrintStream out, StatsTable table, Path stats, long intervalSeconds, long count)
      throws IOException, InterruptedException {
    String before = Files.readString(stats);
    for (long line = 0; count == 0 || line < count; line++) {
      if (line > 0) {
        TimeUnit.SECONDS.sleep(intervalSeconds);
      }
      if (line % LINES_PER_HEADER == 0) {
        out.print(table.header());
      }
      String now = line == 0 ? before : Files.readString(stats);
      LocalDateTime time = LocalDateTime.now(ZoneId.systemDefault());
      out.print(table.line(before, now, (double) intervalSeconds, time));
      out.flush();
      before = now;
    }
  }
}
