package io.jfs.cli.control;

import io.jfs.meta.model.CorruptRecordException;
import io.jfs.meta.model.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The {@code .config} of a mount. */
public final class MountConfig {
  private static final List<String> NAMES = List.of(".jfs.config", ".config");

  private MountConfig() {}

  /** Its members; empty if there is none that can be read. May wait as long as the mount does. */
  public static Optional<Fields> read(Path mountPoint) {
    return NAMES.stream()
        .flatMap(name -> read(mountPoint.resolve(name), name).stream())
        .findFirst();
  }

  private static Optional<Fields> read(Path file, String name) {
    try {
      return Optional.of(Fields.of(JsonReader.object(Files.readAllBytes(file), name)));
    } catch (IOException | CorruptRecordException e) {
      return Optional.empty(); // It has the other name, or this is no mount of ours.
    }
  }
}
