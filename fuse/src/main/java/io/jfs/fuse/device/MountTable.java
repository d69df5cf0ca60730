package io.jfs.fuse.device;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is mounted where: /proc/self/mountinfo, proc_pid_mountinfo(5). Never touches a mount. */
final class MountTable {
  /**
   * One mount.
   *
   * @param device {@code major:minor}
   * @param type file system type, e.g. {@code fuse.juicefs}
   */
  record Mounted(String device, String type) {
    boolean isFuse() {
      return type.equals("fuse") || type.startsWith("fuse.");
    }
  }

  private MountTable() {}

  /** The topmost mount at exactly {@code path}; null if none. */
  static @Nullable Mounted at(Path path) throws IOException {
    return find(
        Files.readAllLines(Path.of("/proc/self/mountinfo"), StandardCharsets.UTF_8),
        path.toString());
  }

  /** The mount of a device, wherever it is; null if it is in sight nowhere. */
  static @Nullable Mounted byDevice(String device) throws IOException {
    for (String line :
        Files.readAllLines(Path.of("/proc/self/mountinfo"), StandardCharsets.UTF_8)) {
      String[] fields = line.split(" ");
      int separator = List.of(fields).indexOf("-");
      if (separator > 0 && fields[2].equals(device)) {
        return new Mounted(device, fields[separator + 1]);
      }
    }
    return null;
  }

  static @Nullable Mounted find(List<String> mountinfo, String path) {
    Mounted last = null;
    for (String line : mountinfo) {
      String[] fields = line.split(" ");
      int separator = List.of(fields).indexOf("-");
      if (separator > 0 && unescape(fields[4]).equals(path)) {
        last = new Mounted(fields[2], fields[separator + 1]);
      }
    }
    return last;
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
