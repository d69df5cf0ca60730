package io.jfs.cli.debug;

import io.jfs.cli.Version;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The host and the serving process: what a reader of a bug report asks first. */
final class SystemInfo {
  private static final List<String> MEMORY =
      List.of("MemTotal", "MemAvailable", "SwapTotal", "SwapFree", "Dirty", "Writeback");

  private static final int FIXED_WORDS = 3;

  private final StringBuilder text = new StringBuilder(8192);

  private SystemInfo() {}

  /** Where a section's content comes from. */
  @FunctionalInterface
  private interface Source {
    String get() throws IOException, InterruptedException;
  }

  /** All about this host, a mount on it and the process that serves it. */
  static String of(Path mountPoint, MountProcess process, String cacheFolders)
      throws InterruptedException {
    SystemInfo info = new SystemInfo();
    info.put("Time", () -> OffsetDateTime.now(ZoneId.systemDefault()).toString());
    info.put(
        "Version",
        () -> "jfs " + Version.current() + " on Java " + System.getProperty("java.vm.version"));
    info.put("Kernel", () -> read("/proc/version"));
    info.put("System", () -> read("/etc/os-release"));
    info.put("Processors", () -> Runtime.getRuntime().availableProcessors() + " usable");
    info.put("Load", () -> read("/proc/loadavg"));
    info.put("Memory", SystemInfo::memory);
    info.put("Mount", () -> lines("/proc/self/mountinfo", " " + mountPoint + " "));
    info.put("Command line", () -> String.join(" ", process.commandLine()));
    info.put("Process", () -> process.about("status"));
    info.put("Limits", () -> process.about("limits"));
    info.put("Cache disks", () -> ToolRun.output(disks(cacheFolders)));
    info.put("FUSE connections", () -> ToolRun.output(List.of("ls", "/sys/fs/fuse/connections")));
    return info.text.toString();
  }

  /** Only these: asking for all would wait for a mount that hangs. */
  private static List<String> disks(String folders) throws IOException {
    List<String> command = new ArrayList<>(List.of("df", "-h", "--"));
    for (String folder : folders.split(":")) {
      if (folder.startsWith("/")) {
        command.add(folder);
      }
    }
    if (command.size() == FIXED_WORDS) {
      throw new IOException("no folders are known");
    }
    return command;
  }

  private static String memory() throws IOException {
    return Files.readAllLines(Path.of("/proc/meminfo")).stream()
        .filter(line -> MEMORY.contains(line.substring(0, line.indexOf(':'))))
        .collect(Collectors.joining("\n"));
  }

  private static String read(String file) throws IOException {
    return Files.readString(Path.of(file), StandardCharsets.UTF_8);
  }

  private static String lines(String file, String part) throws IOException {
    return Files.readAllLines(Path.of(file)).stream()
        .filter(line -> line.contains(part))
        .collect(Collectors.joining("\n"));
  }

  private void put(String heading, Source source) throws InterruptedException {
    String content;
    try {
      content = source.get().strip();
    } catch (IOException e) {
      content = "could not be collected: " + e;
    }
    text.append("== ").append(heading).append('\n').append(content).append("\n\n");
  }
}
