package io.jfs.cli.mount;

import io.jfs.cli.command.CommandException;
import io.jfs.cli.control.Fields;
import io.jfs.fuse.device.Signals;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * {@code jfs mount -d} over a mount that lives: its supervisor is asked to have it served by a
 * process with this process' options and version. Users notice no more than a pause.
 */
public final class Upgrade {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final Path mountPoint;
  private final Path folder;
  private final long supervisor;

  private Upgrade(Path mountPoint, Path folder, long supervisor) {
    this.mountPoint = mountPoint;
    this.folder = folder;
    this.supervisor = supervisor;
  }

  /** Of a mount that a {@code .config} describes; empty if nobody supervises it. */
  public static Optional<Upgrade> of(Path mountPoint, Fields config) {
    String folder = config.text("StatePath");
    long supervisor = config.number("PPid");
    boolean supervised =
        !folder.isEmpty() && supervisor > 1 && Files.isReadable(Path.of(folder, "state"));
    return supervised
        ? Optional.of(new Upgrade(mountPoint, Path.of(folder), supervisor))
        : Optional.empty();
  }

  /**
   * Refuses what cannot be changed while the mount lives.
   *
   * @param fixed what the next process has to have in common with those before, by name
   */
  public void requireSame(Map<String, String> fixed) throws CommandException, IOException {
    Map<String, String> now =
        MountState.readFrom(folder.resolve("state"))
            .orElseThrow(() -> new CommandException(mountPoint + " was unmounted meanwhile"))
            .fixed();
    for (Map.Entry<String, String> wanted : new TreeMap<>(fixed).entrySet()) {
      String is = now.getOrDefault(wanted.getKey(), "");
      if (!is.equals(wanted.getValue())) {
        throw new CommandException(
            "\"%s\" is mounted already, and the %s of a living mount cannot be changed from \"%s\" to \"%s\"; unmount it first"
                .formatted(mountPoint, wanted.getKey(), is, wanted.getValue()));
      }
    }
  }

  /**
   * Does it; when this returns, the other process serves.
   *
   * @throws CommandException it could not be done, and the mount goes on as it was
   */
  public void run() throws CommandException, IOException, InterruptedException {
    Path outcome = folder.resolve("outcome");
    Files.deleteIfExists(outcome);
    UpgradeRequest.leaveIn(folder);
    if (!Signals.hangUp(supervisor)) {
      throw new CommandException(
          "the supervisor of \"%s\", process %d, is gone".formatted(mountPoint, supervisor));
    }
    long start = System.nanoTime();
    while (!Files.exists(outcome)) {
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        Files.deleteIfExists(folder.resolve("request"));
        throw new CommandException(
            "no other process serves \"%s\" after %d s; see its log"
                .formatted(mountPoint, PATIENCE.toSeconds()));
      }
      LockSupport.parkNanos(PAUSE.toNanos());
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
    String said = Files.readString(outcome, StandardCharsets.UTF_8).strip();
    if (!said.equals("0")) {
      throw new CommandException(
          "\"%s\" is served as before: %s".formatted(mountPoint, said.replaceFirst("^1 ?", "")));
    }
  }
}
