package io.jfs.cli.debug;

import io.jfs.cli.control.Fields;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What there is to know about one mount, of jfs or JuiceFS: each part of a report is named here.
 */
public final class Evidence {
  /** So long a mount is given to answer, besides the time of the longest sample. */
  public static final long PATIENCE_SECONDS = 30;

  private final Path mountPoint;
  private final MountProcess process;
  private final Fields config;

  /** About a mount whose {@code .config} may be empty, because it did not answer. */
  public Evidence(Path mountPoint, MountProcess process, Fields config) {
    this.mountPoint = mountPoint;
    this.process = process;
    this.config = config;
  }

  /**
   * How much is taken.
   *
   * @param logLines of the end of the log
   * @param statsSeconds between two readings of the metrics
   * @param traceSeconds of the access log
   * @param profileSeconds of sampling
   */
  public record Extent(long logLines, long statsSeconds, long traceSeconds, long profileSeconds) {}

  /** Adds every part. */
  public void putInto(Report report, Extent extent) {
    String folders = config.object("Chunk").text("CacheDir");
    report.add("system-info.log", () -> SystemInfo.of(mountPoint, process, folders));
    report.add("jfs.log", () -> log(extent.logLines));
    report.add("config.txt", () -> read(".config"));
    report.add("stats.txt", () -> read(".stats"));
    report.add(
        "stats." + extent.statsSeconds + "s.txt",
        () -> MountFiles.later(file(".stats"), extent.statsSeconds));
    report.add(
        "accesslog." + extent.traceSeconds + "s.txt",
        () -> MountFiles.listen(file(".accesslog"), extent.traceSeconds));
    JavaMachine machine = new JavaMachine(process);
    if (machine.exists()) {
      report.add("slow.txt", () -> read(".slow"));
      report.add("running.txt", () -> read(".running"));
      report.add("java/machine.txt", machine::machine);
      report.add("java/threads.txt", machine::threads);
      report.add("java/heap.txt", machine::heap);
      report.add(
          "java/profile." + extent.profileSeconds + "s.txt",
          () -> machine.profile(extent.profileSeconds));
    } else {
      report.add("pprof/goroutine.stack.txt", () -> pprof("goroutine?debug=2"));
      report.add("pprof/heap.txt", () -> pprof("heap?debug=1"));
    }
  }

  private Path file(String name) {
    String shown = config.flag("PrefixInternal") ? ".jfs" + name : name;
    return mountPoint.resolve(shown);
  }

  private String read(String name) throws IOException {
    return Files.readString(file(name), StandardCharsets.UTF_8);
  }

  private String log(long lines) throws IOException {
    Path file = process.logFile().orElseThrow(() -> new IOException("the mount logs to no file"));
    return "# " + file + "\n" + MountFiles.tail(file, lines);
  }

  /** The debug agent of the reference client. */
  private String pprof(String what) throws IOException, InterruptedException {
    String agent = config.object("Port").text("DebugAgent");
    if (agent.isEmpty()) {
      throw new IOException("the mount has no debug agent");
    }
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + agent + "/debug/pprof/" + what))
            .timeout(Duration.ofSeconds(PATIENCE_SECONDS))
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
  }
}
