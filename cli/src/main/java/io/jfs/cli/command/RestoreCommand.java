package io.jfs.cli.command;

import io.jfs.cli.Interruption;
import io.jfs.cli.option.Option;
import io.jfs.cli.option.OptionGroup;
import io.jfs.cli.option.UsageException;
import io.jfs.cli.progress.Counter;
import io.jfs.cli.progress.Progress;
import io.jfs.cli.progress.Unit;
import io.jfs.meta.MetaConfig;
import io.jfs.meta.RestoreTrash;
import io.jfs.meta.SliceReaper;
import io.jfs.meta.VolumeMeta;
import io.jfs.meta.engine.Engines;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Name;
import io.jfs.meta.session.SessionFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code jfs restore}: brings back what was deleted. Vfs-cli spec 3.8. */
final class RestoreCommand implements Command {
  private static final Logger log = LoggerFactory.getLogger(RestoreCommand.class);
  private static final Pattern HOUR = Pattern.compile("\\d{4}-\\d{2}-\\d{2}-\\d{2}");

  private static final Option<Boolean> PUT_BACK =
      Option.flag("put-back", "put everything back where it was");

  @Override
  public String name() {
    return "restore";
  }

  @Override
  public String summary() {
    return "Bring back what was deleted.";
  }

  @Override
  public List<String> arguments() {
    return List.of("META-URL", "HOUR...");
  }

  @Override
  public String explanation() {
    return """
        HOUR is the name of a directory in .trash: YYYY-MM-DD-HH in UTC. In there, deleted trees lie
        as single entries. Without --put-back the trees are rebuilt in the trash, where one can look
        for what is wanted and move it out. With --put-back everything goes back where it was;
        entries whose name is taken by another, or whose directory is gone, stay in the trash and
        are named. Only for root.

        Examples:
          jfs restore META-URL 2026-11-22-01
          jfs restore --put-back META-URL 2026-11-22-01 2026-11-22-02
        """;
  }

  @Override
  public List<OptionGroup> options() {
    return List.of(OptionGroup.of("RESTORE", PUT_BACK, Threads.OPTION));
  }

  @Override
  public int run(Invocation invocation) throws CommandException, UsageException {
    List<String> hours = invocation.arguments().subList(1, invocation.arguments().size());
    for (String hour : hours) {
      if (!HOUR.matcher(hour).matches()) {
        throw new UsageException("\"" + hour + "\" is not an hour as YYYY-MM-DD-HH");
      }
    }
    int threads = Threads.of(invocation.options());
    requireRoot();
    RestoreTrash.Target target =
        invocation.options().get(PUT_BACK) ? RestoreTrash.Target.ORIGIN : RestoreTrash.Target.TREES;
    Interruption.awaitsSession();
    try (VolumeMeta meta =
        VolumeMeta.open(
            Engines.open(invocation.arguments().get(0), System.getenv()),
            MetaConfig.DEFAULT.withBackgroundJobs(false),
            SessionFacts.ofThisProcess("restore", Clock.systemUTC().instant()),
            SliceReaper.NONE)) {
      Interruption.Leftover session = Interruption.endsSessionOf(meta);
      long bad = 0;
      for (String hour : hours) {
        bad += restore(meta.trash(), hour, target, threads);
      }
      session.forget();
      return bad == 0 ? 0 : 1;
    } catch (FormatException e) {
      throw new CommandException(Causes.oneLine(e), e);
    }
  }

  private static void requireRoot() throws CommandException {
    try {
      if (!Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
        throw new CommandException("only root can restore files from the trash");
      }
    } catch (IOException e) {
      throw new CommandException("cannot tell who runs this: " + Causes.oneLine(e), e);
    }
  }

  /** Answers how many could not be restored. */
  private static long restore(
      RestoreTrash trash, String hour, RestoreTrash.Target target, int threads) {
    log.info("restore files in \"{}\" ...", hour);
    try (Progress progress = Progress.onStandardError()) {
      Counts counts = new Counts(progress);
      trash.run(Name.stored(hour.getBytes(StandardCharsets.US_ASCII)), target, threads, counts);
      log.info(
          "{}: {} restored, {} left in the trash, {} failed",
          hour,
          counts.restored.value(),
          counts.kept.value(),
          counts.failed.value());
      return counts.failed.value();
    } catch (FsException e) {
      log.error("\"{}\": {}", hour, e.errno().text());
      return 1;
    }
  }

  private static final class Counts implements RestoreTrash.Listener {
    private final Counter restored;
    private final Counter kept;
    private final Counter failed;

    Counts(Progress progress) {
      this.restored = progress.bar("Restored", Unit.COUNT, 0);
      this.kept = progress.spinner("Left in the trash", Unit.COUNT);
      this.failed = progress.spinner("Failed", Unit.COUNT);
    }

    @Override
    public void found(long entries) {
      restored.total(entries);
    }

    @Override
    public void restored() {
      restored.increment();
    }

    @Override
    public void kept() {
      kept.increment();
    }

    @Override
    public void failed(Name trashName, Errno errno) {
      failed.increment();
      log.warn(
          "restore {}: {}",
          trashName,
          errno == Errno.EEXIST ? "target already exists" : errno.text());
    }
  }
}
