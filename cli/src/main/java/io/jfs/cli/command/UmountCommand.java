package io.jfs.cli.command;

import io.jfs.cli.control.Fields;
import io.jfs.cli.control.MountConfig;
import io.jfs.cli.mount.ServingProcess;
import io.jfs.cli.mount.StagedBlocks;
import io.jfs.cli.option.Option;
import io.jfs.cli.option.OptionGroup;
import io.jfs.cli.progress.Progress;
import io.jfs.cli.progress.Unit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code jfs umount}: unmounts, and waits until the serving process of this host is done. */
final class UmountCommand implements Command {
  private static final Option<Boolean> FORCE =
      Option.flag("force f", "take it out of sight even if it is busy");

  private static final Option<Boolean> FLUSH =
      Option.flag("flush", "first wait until all blocks that --writeback has staged are uploaded");

  private static final Logger log = LoggerFactory.getLogger(UmountCommand.class);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

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
  public String explanation() {
    return """
        Returns when everything that was written is in the object store and the session is closed.
        With --writeback, blocks may stay on the cache disk and are uploaded by the next mount;
        --flush waits for them first. --force returns at once: the mount is out of sight, and is
        flushed and closed when nobody uses it any more.

        Examples:
          jfs umount /mnt/jfs
          jfs umount --flush /mnt/jfs
        """;
  }

  @Override
  public List<OptionGroup> options() {
    return List.of(OptionGroup.of("UMOUNT", FORCE, FLUSH));
  }

  @Override
  public int run(Invocation invocation) throws CommandException {
    Path mountPoint = Path.of(invocation.arguments().get(0)).toAbsolutePath().normalize();
    Optional<Fields> config = MountConfig.ifAnswering(mountPoint);
    if (invocation.options().get(FLUSH) && config.isPresent()) {
      flush(StagedBlocks.of(config.get()));
    }
    Optional<ProcessHandle> server =
        config.map(c -> c.number("Pid")).filter(pid -> pid > 0).flatMap(ProcessHandle::of);
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

  private static void flush(StagedBlocks staged) throws CommandException {
    try (Progress progress = Progress.onStandardError()) {
      staged.awaitNone(progress.spinner("Staged blocks to upload", Unit.BYTES));
    } catch (IOException e) {
      throw new CommandException("cannot see what is staged: " + Causes.oneLine(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("interrupted", e);
    }
    log.info("All staging chunks are flushed");
  }

  private static void await(ProcessHandle server) throws CommandException {
    try {
      if (!ServingProcess.awaitDone(server, PATIENCE)) {
        throw new CommandException(
            "unmounted, but process " + server.pid() + " has not ended yet: files are still open");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("interrupted", e);
    }
  }
}
