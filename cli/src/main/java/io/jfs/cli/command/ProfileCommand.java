package io.jfs.cli.command;

import io.jfs.cli.option.GlobalOptions;
import io.jfs.cli.option.Option;
import io.jfs.cli.option.OptionGroup;
import io.jfs.cli.option.Options;
import io.jfs.cli.option.UsageException;
import io.jfs.cli.watch.LogEntry;
import io.jfs.cli.watch.Profile;
import io.jfs.cli.watch.Screen;
import io.jfs.cli.watch.VirtualFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * {@code jfs profile}: which operations take the time, from a mount's log of operations or from a
 * saved one. Vfs-cli spec 3.8.
 */
final class ProfileCommand implements Command {
  private static final Option<String> UID =
      Option.text("uid u", "UID,...", "", "count operations of these users only");
  private static final Option<String> GID =
      Option.text("gid g", "GID,...", "", "count operations of these groups only");
  private static final Option<String> PID =
      Option.text("pid p", "PID,...", "", "count operations of these processes only");
  private static final Option<Long> INTERVAL =
      Option.number(
          "interval", "2", "seconds that each table covers; 0: one table of a whole saved log");
  private static final int LINES_ON_SCREEN = 40;

  @Override
  public String name() {
    return "profile";
  }

  @Override
  public String summary() {
    return "Show which operations take a mount's time.";
  }

  @Override
  public List<String> arguments() {
    return List.of("MOUNTPOINT|LOGFILE");
  }

  @Override
  public List<OptionGroup> options() {
    return List.of(OptionGroup.of("PROFILE", UID, GID, PID, INTERVAL));
  }

  @Override
  public String explanation() {
    return """
        Reads .accesslog of a mount, of jfs or JuiceFS, or a file that it was saved to, and sums up
        operations by name. The percentage is of the time that passed; many operations at once can
        take more than 100.

        Examples:
          jfs profile /mnt/jfs
          jfs profile /mnt/jfs --uid 1000,1001 --interval 10
          timeout 60 cat /mnt/jfs/.accesslog > /tmp/accesslog
          jfs profile /tmp/accesslog --interval 0
        """;
  }

  @Override
  public boolean endsBySignal() {
    return true;
  }

  @Override
  public int run(Invocation invocation) throws CommandException, UsageException {
    Options options = invocation.options();
    String argument = invocation.arguments().get(0);
    Path path = Path.of(argument);
    if (!Files.exists(path)) {
      throw new CommandException("\"" + argument + "\" does not exist");
    }
    boolean live = Files.isDirectory(path);
    long interval = options.get(INTERVAL);
    if (interval < 0 || (live && interval == 0)) {
      throw new UsageException("invalid value for --interval: at least 1 for a mount");
    }
    Path log = live ? VirtualFile.find(argument, ".accesslog") : path;
    Screen screen = Screen.standard(!options.get(GlobalOptions.NO_COLOR));
    Predicate<LogEntry> wanted = wanted(options);
    try (BufferedReader lines = VirtualFile.lines(log)) {
      if (live) {
        watch(lines, wanted, interval, screen, invocation.out());
      } else {
        replay(lines, wanted, interval, screen, invocation.out());
      }
    } catch (IOException e) {
      throw new CommandException("cannot read " + Causes.oneLine(e), e);
    }
    return 0;
  }

  private static Predicate<LogEntry> wanted(Options options) {
    Set<String> uids = words(options.get(UID));
    Set<String> gids = words(options.get(GID));
    Set<String> pids = words(options.get(PID));
    return entry ->
        (uids.isEmpty() || uids.contains(entry.uid()))
            && (gids.isEmpty() || gids.contains(entry.gid()))
            && (pids.isEmpty() || pids.contains(entry.pid()));
  }

  private static Set<String> words(String list) {
    return list.isBlank() ? Set.of() : Set.copyOf(List.of(list.strip().split("\\s*,\\s*")));
  }

  /** A line comes at least every second: the log says "#" when nothing happens. */
  private static void watch(
      BufferedReader lines,
      Predicate<LogEntry> wanted,
      long intervalSeconds,
      Screen screen,
      PrintStream out)
      throws IOException {
    Profile profile = new Profile();
    long intervalNanos = TimeUnit.SECONDS.toNanos(intervalSeconds);
    long end = System.nanoTime() + intervalNanos;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      LogEntry entry = LogEntry.parse(line);
      if (entry != null && wanted.test(entry)) {
        profile.add(entry);
      }
      if (System.nanoTime() >= end) {
        end += intervalNanos;
        LocalDateTime now = LocalDateTime.now(ZoneId.systemDefault());
        out.print(profile.shown(screen, now, (double) intervalSeconds, LINES_ON_SCREEN));
        out.flush();
        profile = new Profile();
      }
    }
  }

  private static void replay(
      BufferedReader lines,
      Predicate<LogEntry> wanted,
      long intervalSeconds,
      Screen screen,
      PrintStream out)
      throws IOException {
    Profile profile = new Profile();
    LocalDateTime first = null;
    LocalDateTime last = null;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      LogEntry entry = LogEntry.parse(line);
      if (entry == null || !wanted.test(entry)) {
        continue;
      }
      if (first != null && intervalSeconds > 0 && seconds(first, entry.time()) >= intervalSeconds) {
        out.print(profile.shown(screen, entry.time(), (double) intervalSeconds, Integer.MAX_VALUE));
        profile = new Profile();
        first = null;
      }
      profile.add(entry);
      first = first == null ? entry.time() : first;
      last = entry.time();
    }
    if (first != null && last != null) {
      out.print(profile.shown(screen, last, seconds(first, last), Integer.MAX_VALUE));
    }
  }

  private static double seconds(@Nullable LocalDateTime from, LocalDateTime to) {
    return from == null ? 0 : Duration.between(from, to).toNanos() / 1e9;
  }
}
