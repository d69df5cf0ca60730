package io.jfs.cli.command;

import io.jfs.cli.MountPlan;
import io.jfs.cli.control.Fields;
import io.jfs.cli.control.MountConfig;
import io.jfs.cli.mount.Upgrade;
import io.jfs.meta.admin.VolumeAdmin;
import io.jfs.meta.engine.Engines;
import io.jfs.meta.model.Format;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.txn.Engine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code jfs mount -d} over a mount that lives. */
final class UpgradeMount {
  private static final long PATIENCE_SECONDS = 10;

  private final String url;
  private final MountPlan plan;

  UpgradeMount(String url, MountPlan plan) {
    this.url = url;
    this.plan = plan;
  }

  /** Checks what can be checked while the mount is served as before, then has it done. */
  void run() throws CommandException, IOException, InterruptedException {
    Path mountPoint = plan.mountPoint();
    Upgrade upgrade =
        config(mountPoint)
            .flatMap(config -> Upgrade.of(mountPoint, config))
            .orElseThrow(
                () ->
                    new CommandException(
                        "\""
                            + mountPoint
                            + "\" is mounted already, by a process without a supervisor;"
                            + " unmount it first, or use --force to mount over it"));
    upgrade.requireSame(plan.fixed(plan.override(format())));
    upgrade.run();
  }

  private Format format() throws CommandException {
    try (Engine engine = Engines.open(url, System.getenv())) {
      return new VolumeAdmin(engine).load();
    } catch (FormatException e) {
      throw new CommandException(String.valueOf(e.getMessage()), e);
    }
  }

  /** What the mount says of itself; it may not answer. */
  private static Optional<Fields> config(Path mountPoint)
      throws CommandException, InterruptedException {
    CompletableFuture<Optional<Fields>> asked =
        CompletableFuture.supplyAsync(
            () -> MountConfig.read(mountPoint),
            task -> {
              Thread thread = new Thread(task, "ask-server");
              thread.setDaemon(true);
              thread.start();
            });
    try {
      return asked.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new CommandException(
          "\"" + mountPoint + "\" is mounted already, and does not answer", e);
    } catch (ExecutionException e) {
      throw new CommandException("\"" + mountPoint + "\": " + e.getMessage(), e);
    }
  }
}
