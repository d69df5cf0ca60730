package io.jfs.cli.command;

import io.jfs.cli.control.Fields;
import io.jfs.cli.control.MountConfig;
import io.jfs.cli.debug.Evidence;
import io.jfs.cli.debug.MountProcess;
import io.jfs.cli.debug.Redaction;
import io.jfs.cli.debug.Report;
import io.jfs.cli.mount.MountTable;
import io.jfs.cli.option.Option;
import io.jfs.cli.option.OptionGroup;
import io.jfs.cli.option.Options;
import io.jfs.cli.option.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code jfs debug}: one archive about a mount for a bug report. Vfs-cli spec 3.5, 3.8. */
final class DebugCommand implements Command {
  private static final Option<String> OUT_DIR =
      Option.text("out-dir", "DIR", "debug", "where to put the report");
  private static final Option<Long> LIMIT =
      Option.number("limit", "5000", "last lines of the mount's log to take");
  private static final Option<Long> STATS_SEC =
      Option.number("stats-sec", "5", "seconds between the two readings of .stats");
  private static final Option<Long> TRACE_SEC =
      Option.number("trace-sec", "5", "seconds of .accesslog to take");
  private static final Option<Long> PROFILE_SEC =
      Option.number("profile-sec", "30", "seconds in which running threads are sampled");

  private static final Logger log = LoggerFactory.getLogger(DebugCommand.class);
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss", Locale.ROOT);

  @Override
  public String name() {
    return "debug";
  }

  @Override
  public String summary() {
    return "Collect one archive about a mount for a bug report.";
  }

  @Override
  public List<String> arguments() {
    return List.of("MOUNTPOINT");
  }

  @Override
  public List<OptionGroup> options() {
    return List.of(OptionGroup.of("DEBUG", OUT_DIR, LIMIT, STATS_SEC, TRACE_SEC, PROFILE_SEC));
  }

  @Override
  public String explanation() {
    return """
        Collects system, versions, mount options, .config, .stats twice, some seconds of .accesslog,
        the slowest operations, the end of the log, thread dumps and heap of the serving process.
        Works on a mount that hangs, too: then without what only the mount can say. Keys, tokens and
        passwords are removed; names of files are not (.accesslog has them). The result is readable
        for its owner only: DIR/MOUNTPOINT-TIME/ and the same as DIR/MOUNTPOINT-TIME.zip.

        Examples:
          jfs debug /mnt/jfs
          jfs debug --out-dir /var/log --limit 1000 /mnt/jfs
        """;
  }

  @Override
  public int run(Invocation invocation) throws CommandException, UsageException {
    Options options = invocation.options();
    for (Option<Long> seconds : List.of(LIMIT, STATS_SEC, TRACE_SEC, PROFILE_SEC)) {
      if (options.get(seconds) < 0) {
        throw new UsageException("invalid value for --" + seconds.name() + ": not below 0");
      }
    }
    Path mountPoint = Path.of(invocation.arguments().get(0)).toAbsolutePath().normalize();
    if (MountTable.fuseMountAt(mountPoint).isEmpty()) {
      throw new CommandException("path \"" + mountPoint + "\" is not a mount point");
    }
    Optional<Fields> config = MountConfig.ifAnswering(mountPoint);
    MountProcess process = processOf(mountPoint, config);
    Report report = new Report(Redaction.of(process.commandLine(), process.environment()));
    new Evidence(mountPoint, process, config.orElse(Fields.NONE))
        .putInto(
            report,
            new Evidence.Extent(
                options.get(LIMIT),
                options.get(STATS_SEC),
                options.get(TRACE_SEC),
                options.get(PROFILE_SEC)));
    log.info("Collecting, this takes some seconds ...");
    try {
      Path directory = directory(options.get(OUT_DIR), mountPoint);
      Path archive = report.write(directory, Evidence.PATIENCE_SECONDS + longest(options));
      invocation.out().println(archive);
    } catch (IOException e) {
      throw new CommandException("cannot write the report: " + Causes.oneLine(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("interrupted", e);
    }
    return 0;
  }

  private static MountProcess processOf(Path mountPoint, Optional<Fields> config)
      throws CommandException {
    long pid = config.map(c -> c.number("Pid")).orElse(0L);
    if (pid > 0) {
      return new MountProcess(pid);
    }
    log.warn("the mount does not answer; looking for its process");
    return MountProcess.mounting(mountPoint)
        .orElseThrow(
            () -> new CommandException("no process on this host serves \"" + mountPoint + "\""));
  }

  private static long longest(Options options) {
    return Math.max(
        options.get(PROFILE_SEC), Math.max(options.get(STATS_SEC), options.get(TRACE_SEC)));
  }

  private static Path directory(String outDir, Path mountPoint) {
    String name = mountPoint.toString().substring(1).replace('/', '-');
    String time = STAMP.format(LocalDateTime.now(ZoneId.systemDefault()));
    return Path.of(outDir).toAbsolutePath().normalize().resolve(name + "-" + time);
  }
}
