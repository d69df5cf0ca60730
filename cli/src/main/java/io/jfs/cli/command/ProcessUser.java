package io.jfs.cli.command;

import io.jfs.meta.model.Caller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whoever runs this process, as /proc tells. */
final class ProcessUser {
  private static final Path PROCESS = Path.of("/proc/self");

  private ProcessUser() {}

  /** As a caller without supplementary groups. */
  static Caller caller() throws IOException {
    return Caller.of(
        (int) Files.getAttribute(PROCESS, "unix:uid"),
        (int) Files.getAttribute(PROCESS, "unix:gid"));
  }

  /** What new files are not allowed for this process; 022 if nobody tells. */
  static int umask() {
    try {
      return Files.readAllLines(PROCESS.resolve("status")).stream()
          .filter(line -> line.startsWith("Umask:"))
          .map(line -> Integer.parseInt(line.substring("Umask:".length()).strip(), 8))
          .findFirst()
          .orElse(022);
    } catch (IOException | NumberFormatException e) {
      return 022;
    }
  }
}
