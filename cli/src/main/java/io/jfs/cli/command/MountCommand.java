package io.jfs.cli.command;

import io.jfs.cli.MountPlan;
import io.jfs.cli.UserFolders;
import io.jfs.cli.Volume;
import io.jfs.cli.mount.Background;
import io.jfs.cli.mount.FstabEntry;
import io.jfs.cli.mount.FstabWords;
import io.jfs.cli.mount.LastingMount;
import io.jfs.cli.mount.MachineLog;
import io.jfs.cli.mount.MountState;
import io.jfs.cli.mount.MountTarget;
import io.jfs.cli.mount.MountTarget.Living;
import io.jfs.cli.mount.ServingProcess;
import io.jfs.cli.mount.Supervisor;
import io.jfs.cli.mount.Termination;
import io.jfs.cli.option.CacheOptions;
import io.jfs.cli.option.FuseOptions;
import io.jfs.cli.option.GlobalOptions;
import io.jfs.cli.option.MetaOptions;
import io.jfs.cli.option.MetricsOptions;
import io.jfs.cli.option.OptionGroup;
import io.jfs.cli.option.Options;
import io.jfs.cli.option.ServiceOptions;
import io.jfs.cli.option.StorageOptions;
import io.jfs.cli.option.UsageException;
import io.jfs.fuse.FrontEnd;
import io.jfs.fuse.device.HugePages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code jfs mount}: opens a volume, mounts it and serves it until it is unmounted. */
final class MountCommand implements Command {
  private static final Logger log = LoggerFactory.getLogger(MountCommand.class);

  @Override
  public String name() {
    return "mount";
  }

  @Override
  public String summary() {
    return "Mount a volume.";
  }

  @Override
  public List<String> arguments() {
    return List.of("META-URL", "MOUNTPOINT");
  }

  @Override
  public List<OptionGroup> options() {
    return List.of(
        ServiceOptions.GROUP,
        FuseOptions.GROUP,
        MetaOptions.GROUP,
        MetaOptions.CACHE_GROUP,
        StorageOptions.GROUP,
        CacheOptions.GROUP,
        MetricsOptions.GROUP);
  }

  @Override
  public String explanation() {
    return """
        Serves the volume at an existing directory until it is unmounted (jfs umount, umount,
        SIGTERM or Ctrl-C). What is left of a mount whose process died is replaced.
        With -d the command returns as soon as the mount answers, with exit code 0, or when it
        failed, with 1 and the reason; the serving process goes on in the background. If it dies,
        its supervisor starts another, and open files go on. Where a mount lives already, -d has it
        served by this version with these options from now on, without an error for its users.

        Sizes are numbers with a unit of B K M G T P E (powers of 1024); times are seconds or have
        units as in 1h30m, 100ms.

        Examples:
          jfs mount lmdb:///srv/jfs/meta.lmdb /mnt/jfs
          jfs mount -d --cache-dir /ssd/cache --cache-size 50G -o allow_other META-URL /mnt/jfs
        """;
  }

  @Override
  public List<String> rewrite(List<String> args) throws UsageException {
    if (System.getenv("CALL_VIA_MOUNT") == null) {
      return args;
    }
    List<OptionGroup> known = new ArrayList<>(options());
    known.add(GlobalOptions.GROUP);
    return new FstabWords(known).translate(args);
  }

  @Override
  public boolean endsBySignal() {
    return true;
  }

  @Override
  public int run(Invocation invocation) throws CommandException, UsageException {
    Options options = invocation.options();
    String url = invocation.arguments().get(0);
    Path given = Path.of(invocation.arguments().get(1)).toAbsolutePath().normalize();
    try {
      Optional<Supervisor> supervisor = Supervisor.ofThisProcess();
      Optional<MountState> before =
          supervisor.isPresent() ? supervisor.get().state() : Optional.empty();
      if (before.isPresent()) {
        goOn(url, options, supervisor.get(), before.get());
      } else if (isUpgrade(options, given)) {
        new UpgradeMount(url, MountPlan.of(options, given)).run();
        if (options.get(ServiceOptions.UPDATE_FSTAB)) {
          updateFstab(url, given, options);
        }
        Background.ready();
      } else {
        begin(url, options, invocation.arguments().get(1), supervisor);
      }
      return 0;
    } catch (IOException e) {
      throw new CommandException("mount of " + given + " failed: " + Causes.oneLine(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("interrupted", e);
    }
  }

  private static boolean isUpgrade(Options options, Path mountPoint) {
    return options.get(ServiceOptions.BACKGROUND)
        && Background.isLaunched()
        && !options.get(ServiceOptions.FORCE)
        && MountTarget.isServed(mountPoint);
  }

  private static void begin(
      String url, Options options, String mountPoint, Optional<Supervisor> supervisor)
      throws CommandException, UsageException, IOException, InterruptedException {
    Path target =
        MountTarget.require(
            mountPoint, options.get(ServiceOptions.FORCE) ? Living.COVERED : Living.REFUSED);
    beginLog(options);
    MountPlan plan = MountPlan.of(options, target);
    disableHugePages(options);
    if (options.get(ServiceOptions.UPDATE_FSTAB)) {
      updateFstab(url, target, options);
    }
    if (supervisor.isEmpty() || plan.throughLibfuse()) {
      serve(url, plan, null);
      return;
    }
    try (LastingMount mount =
        LastingMount.open(supervisor.get(), Optional.empty(), target, logFile(options))) {
      serve(url, plan, mount);
    }
  }

  private static void goOn(String url, Options options, Supervisor supervisor, MountState before)
      throws CommandException, UsageException, IOException, InterruptedException {
    beginLog(options);
    Background.quiet();
    MountPlan plan = MountPlan.of(options, before.mountPoint());
    disableHugePages(options);
    try (LastingMount mount =
        LastingMount.open(supervisor, Optional.of(before), before.mountPoint(), logFile(options))) {
      serve(url, plan, mount);
    }
  }

  private static void disableHugePages(Options options) {
    if (options.get(ServiceOptions.DISABLE_THP) && !HugePages.disable()) {
      log.warn("the kernel does not let a process go without transparent huge pages");
    }
  }

  private static void serve(String url, MountPlan plan, @Nullable LastingMount lasting)
      throws CommandException, IOException, InterruptedException {
    try (Termination termination = new Termination();
        Volume volume = Volume.open(url, plan, lasting)) {
      serve(volume, termination, lasting);
    }
    if (lasting != null) {
      lasting.ended();
    }
    ServingProcess.sayDone();
  }

  private static void serve(Volume volume, Termination termination, @Nullable LastingMount lasting)
      throws IOException, InterruptedException {
    try (FrontEnd frontEnd = volume.mount()) {
      termination.closes(frontEnd, lasting == null ? () -> {} : lasting::ended);
      volume.listen();
      log.info("OK, {} is ready at \"{}\"", volume.format().name(), volume.mountPoint());
      boolean goesOn = lasting != null && lasting.goesOn();
      if (lasting != null) {
        lasting.ready(frontEnd, volume::flush, volume::leave);
      }
      if (Background.isLaunched() && !goesOn) {
        Background.ready();
      }
      frontEnd.awaitUnmount();
      log.info(
          lasting != null && lasting.isHandedOver()
              ? "\"{}\" is served by another process"
              : "\"{}\" is unmounted",
          volume.mountPoint());
    }
  }

  private static void updateFstab(String url, Path target, Options options)
      throws CommandException, UsageException {
    try {
      FstabEntry entry = FstabEntry.of(url, target, options.given());
      FstabEntry.linkHelper(Path.of("/sbin/mount.jfs"));
      entry.putInto(Path.of("/etc/fstab"));
      log.info("/etc/fstab: {}", entry.line());
    } catch (IllegalArgumentException e) {
      throw new UsageException("--update-fstab: " + e.getMessage());
    } catch (IOException e) {
      throw new CommandException("--update-fstab: " + Causes.oneLine(e), e);
    }
  }

  private static Path logFile(Options options) {
    String given = options.get(ServiceOptions.LOG);
    return (given.isEmpty() ? UserFolders.logFile() : Path.of(given)).toAbsolutePath();
  }

  /** The logs of a mount in the background: its file, and the machine's. */
  private static void beginLog(Options options) throws CommandException {
    if (!options.get(ServiceOptions.BACKGROUND)) {
      return;
    }
    if (!Background.isLaunched()) {
      throw new CommandException("--background works through the launcher, scripts/jfs");
    }
    try {
      Background.beginLog(logFile(options));
      if (!options.get(ServiceOptions.NO_SYSLOG)) {
        MachineLog.begin();
      }
    } catch (IOException e) {
      throw new CommandException("cannot write the log " + Causes.oneLine(e), e);
    }
  }
}
