package io.jfs.cli.metrics;

import io.jfs.vfs.stats.Metric;
import io.jfs.vfs.stats.StatsSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** How many requests the kernel has not had an answer to: queued, or being served. */
public final class KernelQueue implements StatsSource {
  private static final Metric WAITING =
      Metric.gauge("fuse_requests_waiting", "Requests of the kernel without an answer yet.");

  private final Path mountPoint;
  private @Nullable Path file;

  /** Of the mount at {@code mountPoint}. */
  public KernelQueue(Path mountPoint) {
    this.mountPoint = mountPoint;
  }

  @Override
  public void collect(Sink sink) {
    try {
      sink.count(WAITING, Integer.parseInt(Files.readString(waitingFile()).strip()));
    } catch (IOException | NumberFormatException e) {
      sink.count(WAITING, 0); // not mounted, or no /sys
    }
  }

  /** Of sysfs' folder for the connection, which is named after the device number: fuse docs. */
  private synchronized Path waitingFile() throws IOException {
    Path known = file;
    if (known == null) {
      known = Path.of("/sys/fs/fuse/connections", minorDevice(), "waiting");
      file = known;
    }
    return known;
  }

  private String minorDevice() throws IOException {
    String found = "";
    Path mounts = Path.of("/proc/self/mountinfo");
    for (String line : Files.readAllLines(mounts, StandardCharsets.UTF_8)) {
      String[] words = line.split(" ");
      if (words[4].equals(mountPoint.toString())) {
        found = words[2].substring(words[2].indexOf(':') + 1); // the last one is on top
      }
    }
    if (found.isEmpty()) {
      throw new IOException(mountPoint + " is not mounted");
    }
    return found;
  }
}
