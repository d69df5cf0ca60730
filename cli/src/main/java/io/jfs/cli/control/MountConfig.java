package io.jfs.cli.control;

import io.jfs.cli.mount.MountTable;
import io.jfs.meta.model.CorruptRecordException;
import io.jfs.meta.model.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The {@code .config} of a mount. */
public final class MountConfig {
  private static final List<String> NAMES = List.of(".jfs.config", ".config");
  private static final long PATIENCE_SECONDS = 2;

  private MountConfig() {}

  /** Its members; empty if there is none that can be read. May wait as long as the mount does. */
  public static Optional<Fields> read(Path mountPoint) {
    return NAMES.stream()
        .flatMap(name -> read(mountPoint.resolve(name), name).stream())
        .findFirst();
  }

  /** As {@link #read}, but empty if it takes long: the mount may be dead. */
  public static Optional<Fields> ifAnswering(Path mountPoint) {
    if (MountTable.fuseMountAt(mountPoint).isEmpty()) {
      return Optional.empty();
    }
    CompletableFuture<Optional<Fields>> asked =
        CompletableFuture.supplyAsync(() -> read(mountPoint), MountConfig::startDaemon);
    try {
      return asked.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
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

  private static Optional<Fields> read(Path file, String name) {
    try {
      return Optional.of(Fields.of(JsonReader.object(Files.readAllBytes(file), name)));
    } catch (IOException | CorruptRecordException e) {
      return Optional.empty(); // It has the other name, or this is no mount of ours.
    }
  }
}
