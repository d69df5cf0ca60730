package io.jfs.cli.debug;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The process that serves a mount, as /proc shows it: proc_pid_cmdline(5), proc_pid_environ(5),
 * proc_pid_fd(5). What may not be read comes out empty.
 *
 * @param pid its id
 */
public record MountProcess(long pid) {
  private static final int O_APPEND = 02000;

  /** The youngest process that was started to mount something at this path; touches no mount. */
  public static Optional<MountProcess> mounting(Path mountPoint) {
    return ProcessHandle.allProcesses()
        .map(process -> new MountProcess(process.pid()))
        .filter(process -> process.mounts(mountPoint.toString()))
        .max(Comparator.comparingLong(MountProcess::pid));
  }

  private boolean mounts(String mountPoint) {
    List<String> words = commandLine();
    boolean client =
        words.stream().anyMatch(word -> word.contains("jfs") || word.contains("juicefs"));
    return client && words.contains("mount") && words.contains(mountPoint);
  }

  private Path file(String name) {
    return Path.of("/proc", Long.toString(pid), name);
  }

  /** The words it was started with. */
  public List<String> commandLine() {
    return words("cmdline");
  }

  /** Its variables. Not to be shown to anybody. */
  public Map<String, String> environment() {
    Map<String, String> variables = new LinkedHashMap<>();
    for (String word : words("environ")) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        variables.put(word.substring(0, equals), word.substring(equals + 1));
      }
    }
    return variables;
  }

  private List<String> words(String name) {
    try {
      String text = Files.readString(file(name), StandardCharsets.UTF_8);
      return Arrays.stream(text.split("\0")).filter(word -> !word.isEmpty()).toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** One of its files in /proc, such as {@code status} or {@code limits}. */
  public String about(String name) throws IOException {
    return Files.readString(file(name), StandardCharsets.UTF_8);
  }

  /** The program that it runs. */
  public Optional<Path> program() {
    try {
      return Optional.of(Files.readSymbolicLink(file("exe")));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Where it logs: the regular file that it appends to, or else that its standard error goes to.
   * Found so, and not by its options, it may have been given by options, a service or a shell.
   */
  public Optional<Path> logFile() {
    List<Path> appended = new ArrayList<>();
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(file("fd"))) {
      for (Path descriptor : descriptors) {
        if (isAppended(descriptor)) {
          regular(descriptor).ifPresent(appended::add);
        }
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    return appended.stream().findFirst().or(() -> regular(file("fd").resolve("2")));
  }

  private boolean isAppended(Path descriptor) {
    try {
      Path info = file("fdinfo").resolve(descriptor.getFileName());
      return Files.readAllLines(info).stream()
          .filter(line -> line.startsWith("flags:"))
          .anyMatch(line -> (Long.parseLong(line.substring(6).strip(), 8) & O_APPEND) != 0);
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }

  private static Optional<Path> regular(Path descriptor) {
    try {
      Path target = Files.readSymbolicLink(descriptor);
      return target.isAbsolute() && Files.isRegularFile(target)
          ? Optional.of(target)
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
