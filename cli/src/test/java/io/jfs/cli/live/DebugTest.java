package io.jfs.cli.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code jfs debug} where it is less simple: {@link SecretsTest} has the rest. */
@Tag("mount")
@Timeout(300)
final class DebugTest {
  @TempDir Path folder;

  /** The directory of the report about a mount. */
  private Path debug(Path mountPoint) {
    String said =
        LiveMount.runJfs(
            "debug",
            "--out-dir",
            folder.resolve("debug").toString(),
            "--stats-sec",
            "1",
            "--trace-sec",
            "1",
            "--profile-sec",
            "1",
            mountPoint.toString());
    String archive = said.lines().reduce((first, last) -> last).orElseThrow();
    assertThat(archive).endsWith(".zip");
    assertThat(Path.of(archive)).isRegularFile();
    return Path.of(archive.substring(0, archive.length() - ".zip".length()));
  }

  @Test
  void aMountThatHangs() throws Exception {
    try (LiveMount jfs = LiveMount.jfs(folder.resolve("jfs"))) {
      String pid = Long.toString(jfs.server().pid());
      String unused = LiveMount.run(List.of("kill", "-STOP", pid));
      Path report;
      try {
        report = debug(jfs.path());
      } finally {
        unused = LiveMount.run(List.of("kill", "-CONT", pid));
      }
      assertThat(Files.readString(report.resolve("system-info.log")))
          .contains("State:\tT (stopped)", "Pid:\t" + pid, "Name:\tjava");
      assertThat(Files.readString(report.resolve("jfs.log"))).contains("is ready at");
      assertThat(Files.readString(report.resolve("stats.txt"))).contains("no answer in time");
    }
  }

  @Test
  void aMountOfTheReference() throws Exception {
    try (LiveMount theirs = LiveMount.reference(folder.resolve("juicefs"))) {
      Path report = debug(theirs.path());
      assertThat(Files.readString(report.resolve("stats.txt"))).contains("juicefs_uptime ");
      assertThat(Files.readString(report.resolve("jfs.log"))).contains("juicefs[");
      assertThat(Files.readString(report.resolve("pprof/goroutine.stack.txt")))
          .contains("goroutine ");
      assertThat(Files.readString(report.resolve("pprof/heap.txt"))).contains("heap profile:");
    }
  }
}
