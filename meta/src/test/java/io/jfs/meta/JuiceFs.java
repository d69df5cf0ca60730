package io.jfs.meta;

import io.jfs.meta.engine.redis.RedisServer;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The reference client, on a volume in Redis. Skips the test where it cannot run. */
final class JuiceFs implements Closeable {
  private final Path directory;
  private final String meta;
  private final List<Path> mounted = new ArrayList<>();

  JuiceFs(Path directory, RedisServer server) {
    Assumptions.assumeTrue(isInstalled("juicefs"), "juicefs is not installed");
    Assumptions.assumeTrue(
        isInstalled("fusermount3") && Files.exists(Path.of("/dev/fuse")), "no FUSE");
    this.directory = directory;
    this.meta = server.url(1);
  }

  private static boolean isInstalled(String program) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
  }

  /** The volume's address. */
  String meta() {
    return meta;
  }

  /** Where objects go, as the setting Bucket. */
  String bucket() {
    return directory.resolve("objects") + "/";
  }

  /** Runs the client with the volume's address behind the command's name; what it prints. */
  String run(String command, String... arguments) {
    List<String> line = new ArrayList<>(List.of("juicefs", command, meta));
    line.addAll(List.of(arguments));
    return run(line);
  }

  void format(String... options) {
    List<String> line = new ArrayList<>(List.of("juicefs", "format", meta, "interop"));
    line.addAll(List.of("--storage", "file", "--bucket", bucket()));
    line.addAll(List.of(options));
    run(line);
  }

  /** Mounts the volume; caches of the kernel off, so that two clients see each other. */
  Path mount(String... options) {
    try {
      Path point = Files.createDirectories(directory.resolve("mnt" + mounted.size()));
      List<String> line =
          new ArrayList<>(List.of("juicefs", "mount", meta, point.toString(), "-d"));
      line.addAll(
          List.of("--no-usage-report", "--no-agent", "--enable-xattr", "--backup-meta", "0"));
      line.addAll(List.of("--attr-cache", "0", "--entry-cache", "0", "--dir-entry-cache", "0"));
      line.addAll(List.of("--log", directory.resolve("mount.log").toString()));
      line.addAll(List.of("--cache-dir", directory.resolve("cache").toString()));
      line.addAll(List.of(options));
      run(line);
      mounted.add(point);
      return point;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  void unmount(Path point) {
    mounted.remove(point);
    run(List.of("juicefs", "umount", "--flush", point.toString()));
  }

  /** Runs a script in a directory; fails with its output if it fails. */
  static String shell(Path directory, String script) {
    return run(List.of("bash", "-euc", "cd '" + directory + "'\n" + script));
  }

  private static String run(List<String> line) {
    try {
      Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(120, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new AssertionError(line + " failed: " + output);
      }
      return output;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Unmounts, and waits for the clients to end while their server still lives. */
  @Override
  public void close() {
    List<Path> points = List.copyOf(mounted);
    points.forEach(point -> run(List.of("juicefs", "umount", "-f", point.toString())));
    points.forEach(JuiceFs::awaitEnd);
  }

  private static void awaitEnd(Path point) {
    ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").contains(point + " "))
        .forEach(
            process ->
                process
                    .onExit()
                    .completeOnTimeout(process, 15, TimeUnit.SECONDS)
                    .thenAccept(ProcessHandle::destroyForcibly)
                    .join());
  }
}
