package io.jfs.cli.command;

import io.jfs.cli.mount.MountTable;
import io.jfs.cli.option.Option;
import io.jfs.cli.option.OptionGroup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code jfs umount}: unmounts, and waits until the serving process of this host has ended. */
final class UmountCommand implements Command {
  private static final Option<Boolean> FORCE =
      Option.flag("force f", "take it out of sight even if it is busy");

  private static final Option<Boolean> FLUSH =
      Option.flag("flush", "accepted; what was written is uploaded before the process ends");

  private static final Pattern PID = Pattern.compile("\"Pid\":\\s*(\\d+)");
  private static final long PATIENCE_SECONDS = 60;

  @Override
  public String name() {
    return "umount";
  }

  @Override
  public String summary() {
    return "Unmount a volume.";
  }

  @Override
  public List<String> arguments() {
    return List.of("MOUNTPOINT");
  }

  @Override
  public List<OptionGroup> options() {
    return List.of(OptionGroup.of("UMOUNT", FORCE, FLUSH));
  }

  @Override
  public int run(Invocation invocation) throws CommandException {
    Path mountPoint = Path.of(invocation.arguments().get(0)).toAbsolutePath().normalize();
    Optional<ProcessHandle> server = serverOf(mountPoint);
    List<String> complaints = new ArrayList<>();
    boolean force = invocation.options().get(FORCE);
    boolean done =
        succeeds(complaints, "fusermount3", force ? "-uz" : "-u", "--", mountPoint.toString())
            || succeeds(complaints, umount(force, mountPoint));
    if (!done) {
      throw new CommandException(complaints.get(0));
    }
    if (!force && server.isPresent()) {
      await(server.get());
    }
    return 0;
  }

  private static String[] umount(boolean force, Path mountPoint) {
    return force
        ? new String[] {"umount", "-l", "--", mountPoint.toString()}
        : new String[] {"umount", "--", mountPoint.toString()};
  }

  private static boolean succeeds(List<String> complaints, String... command)
      throws CommandException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() == 0) {
        return true;
      }
      complaints.add(said.isEmpty() ? command[0] + " failed" : said);
    } catch (IOException e) {
      complaints.add(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("interrupted", e);
    }
    return false;
  }

  /** The process that serves a mount, as its {@code .config} says; it may not answer. */
  private static Optional<ProcessHandle> serverOf(Path mountPoint) {
    if (MountTable.fuseMountAt(mountPoint).isEmpty()) {
      return Optional.empty();
    }
    CompletableFuture<Optional<ProcessHandle>> asked =
        CompletableFuture.supplyAsync(() -> readServer(mountPoint), UmountCommand::startDaemon);
    try {
      return asked.get(2, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static void startDaemon(Runnable task) {
    Thread thread = new Thread(task, "ask-server");
    thread.setDaemon(true);
    thread.start();
  }

  private static Optional<ProcessHandle> readServer(Path mountPoint) {
    return Stream.of(".config", ".jfs.config")
        .map(mountPoint::resolve)
        .filter(Files::isReadable)
        .findFirst()
        .flatMap(UmountCommand::readPid)
        .flatMap(ProcessHandle::of);
  }

  private static Optional<Long> readPid(Path config) {
    try {
      Matcher pid = PID.matcher(Files.readString(config));
      return pid.find() ? Optional.of(Long.valueOf(pid.group(1))) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static void await(ProcessHandle server) throws CommandException {
    try {
      ProcessHandle unused = server.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new CommandException(
          "unmounted, but process " + server.pid() + " has not ended yet: files are still open", e);
    } catch (ExecutionException e) {
      throw new CommandException("waiting for process " + server.pid() + " failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("interrupted", e);
    }
  }
}
