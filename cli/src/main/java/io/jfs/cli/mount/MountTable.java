package io.jfs.cli.mount;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What is mounted where, as /proc/self/mounts tells it: proc_pid_mounts(5). Touches no mount. */
public final class MountTable {
  private MountTable() {}

  /** The source of the topmost FUSE mount at exactly this path, e.g. {@code JuiceFS:vol}. */
  public static Optional<String> fuseMountAt(Path path) {
    try {
      return fuseMountAt(
          Files.readAllLines(Path.of("/proc/self/mounts"), StandardCharsets.UTF_8),
          path.toString());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  static Optional<String> fuseMountAt(List<String> mounts, String path) {
    Optional<String> found = Optional.empty();
    for (String line : mounts) {
      String[] fields = line.split(" ");
      if (fields.length > 2 && unescape(fields[1]).equals(path)) {
        found =
            fields[2].equals("fuse") || fields[2].startsWith("fuse.")
                ? Optional.of(unescape(fields[0]))
                : Optional.empty();
      }
    }
    return found;
  }

  /** Blank, tab, newline and backslash are written as three octal digits. */
  private static String unescape(String field) {
    return field
        .replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\012", "\n")
        .replace("\\134", "\\");
  }
}
