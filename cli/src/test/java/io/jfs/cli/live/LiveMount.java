package io.jfs.cli.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.cli.JfsCli;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/**
 * A fresh volume, mounted by a client in a process of its own: jfs, or the reference beside it.
 * Only child processes touch the mount.
 */
public final class LiveMount implements Closeable {
  private static final Pattern AGENT = Pattern.compile("\"PrometheusAgent\":\\s*\"([^\"]+)\"");
  private static final long PATIENCE_SECONDS = 120;

  private final Path folder;
  private final List<String> client;
  private final Process server;

  private LiveMount(
      Path folder,
      List<String> client,
      String meta,
      List<String> mountOptions,
      Map<String, String> environment)
      throws IOException {
    this.folder = Files.createDirectories(folder);
    this.client = client;
    Files.createDirectories(path());
    List<String> format =
        command(client, "format", "--enable-acl", "--storage", "file", "--bucket");
    format.addAll(List.of(folder.resolve("objects") + "/", meta, "live"));
    run(format);
    List<String> mount = command(client, "mount");
    mount.addAll(mountOptions);
    mount.addAll(List.of("--cache-dir", folder.resolve("cache").toString()));
    mount.addAll(List.of(meta, path().toString()));
    ProcessBuilder builder =
        new ProcessBuilder(mount)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile());
    builder.environment().putAll(environment);
    this.server = builder.start();
    awaitMount();
  }

  /** Mounted by jfs, with further options. */
  public static LiveMount jfs(Path folder, String... options) throws IOException {
    return jfs(folder, Map.of(), options);
  }

  /** As above, with variables in the environment of the serving process. */
  public static LiveMount jfs(Path folder, Map<String, String> environment, String... options)
      throws IOException {
    assumeFuse();
    return new LiveMount(
        folder, jfsCommand(), "lmdb://" + folder.resolve("meta"), List.of(options), environment);
  }

  /** Mounted by the reference; the test is skipped where it is missing. */
  public static LiveMount reference(Path folder, String... options) throws IOException {
    assumeFuse();
    List<String> all =
        command(List.of("--no-usage-report"), "--enable-xattr", "--enable-cap", "--enable-ioctl");
    all.addAll(List.of(options));
    boolean installed =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(place -> Files.isExecutable(Path.of(place, "juicefs")));
    Assumptions.assumeTrue(installed, "juicefs is not installed");
    return new LiveMount(
        folder, List.of("juicefs"), "sqlite3://" + folder.resolve("meta.db"), all, Map.of());
  }

  private static void assumeFuse() {
    Assumptions.assumeTrue(Files.isWritable(Path.of("/dev/fuse")), "no /dev/fuse");
  }

  private static List<String> jfsCommand() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-cp",
        System.getProperty("java.class.path"),
        JfsCli.class.getName());
  }

  private static List<String> command(List<String> client, String... words) {
    List<String> command = new ArrayList<>(client);
    command.addAll(List.of(words));
    return command;
  }

  private void awaitMount() throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!output(List.of("stat", "-c", "%i", path().toString())).strip().equals("1")) {
      assertThat(server.isAlive()).as("%s", Files.readString(folder.resolve("log"))).isTrue();
      assertThat(System.nanoTime()).as("mounted in time").isLessThan(deadline);
      pause();
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(50);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The mount point. */
  public Path path() {
    return folder.resolve("mnt").toAbsolutePath();
  }

  /** The process that was started. */
  public Process server() {
    return server;
  }

  /** Everything the client has logged. */
  public String log() throws IOException {
    return Files.readString(folder.resolve("log"));
  }

  /** Runs a script in the mount; fails with its output if it fails. */
  public String sh(String script) {
    return run(List.of("bash", "-euc", "cd '" + path() + "'\n" + script));
  }

  /** Starts a script in the mount; both outputs go to a file. */
  public Process start(String script, Path output) throws IOException {
    return new ProcessBuilder("bash", "-euc", "cd '" + path() + "'\n" + script)
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }

  /** Runs the client's command of this name on the mount. */
  public String client(String... words) {
    return run(command(client, words));
  }

  /** Runs jfs, whoever has mounted. */
  public static String runJfs(String... words) {
    return run(command(jfsCommand(), words));
  }

  /** What a Prometheus server gets. */
  public String metrics() throws IOException, InterruptedException {
    Matcher agent = AGENT.matcher(sh("cat .config"));
    assertThat(agent.find()).isTrue();
    URI uri = URI.create("http://" + agent.group(1) + "/metrics");
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  /** Runs a program to its end; fails with its output if it fails. */
  public static String run(List<String> line) {
    StringBuilder output = new StringBuilder();
    int code = execute(line, output);
    assertThat(code).as("%s: %s", line, output).isZero();
    return output.toString();
  }

  private static String output(List<String> line) {
    StringBuilder output = new StringBuilder();
    int unused = execute(line, output);
    return output.toString();
  }

  private static int execute(List<String> line, StringBuilder output) {
    try {
      Path file = Files.createTempFile("jfs-live", ".out");
      try {
        Process process =
            new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(file.toFile())
                .start();
        boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        output.append(Files.readString(file, StandardCharsets.UTF_8));
        assertThat(ended).as("%s ends in time: %s", line, output).isTrue();
        return process.exitValue();
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    String unused = output(List.of("umount", path().toString()));
    try {
      if (!server.waitFor(PATIENCE_SECONDS / 4, TimeUnit.SECONDS)) {
        String forced = output(List.of("umount", "-l", path().toString()));
        server.destroyForcibly();
        throw new AssertionError("the client does not end " + forced);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
