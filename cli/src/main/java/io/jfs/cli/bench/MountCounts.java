package io.jfs.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a mount of jfs or JuiceFS has counted in its {@code .stats}. Vfs-cli spec 1.3. */
final class MountCounts {
  private final Map<String, Double> values;

  private MountCounts(Map<String, Double> values) {
    this.values = values;
  }

  /** The statistics file of the mount that a path is on; null if it is on none. */
  static @Nullable Path fileFor(Path path) {
    for (Path at = path.toAbsolutePath(); at != null; at = at.getParent()) {
      for (String name : new String[] {".jfs.stats", ".stats"}) {
        Path file = at.resolve(name);
        if (Files.isReadable(file) && Files.exists(at.resolve(name.replace("stats", "config")))) {
          return file;
        }
      }
    }
    return null;
  }

  /** Reads it; series of one name are added up. */
  static MountCounts read(Path file) throws IOException {
    Map<String, Double> values = new HashMap<>();
    for (String line : Files.readAllLines(file)) {
      int blank = line.lastIndexOf(' ');
      if (blank > 0) {
        values.merge(line.substring(0, blank), number(line.substring(blank + 1)), Double::sum);
      }
    }
    return new MountCounts(values);
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** How much a histogram's {@code _total} or {@code _sum} has grown since. */
  double since(MountCounts before, String name) {
    String full = "juicefs_" + name;
    return values.getOrDefault(full, 0.0) - before.values.getOrDefault(full, 0.0);
  }
}
