package io.jfs.cli.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.cli.CommandRun;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A key, a token and a password are planted; nothing that an operator sees shows them. */
@Tag("mount")
@Timeout(300)
final class SecretsTest {
  private static final String SECRET = "planted-secret-key";
  private static final String TOKEN = "planted-session-token";
  private static final String PASSWORD = "planted-password";

  @TempDir Path folder;

  @Test
  void nothingShowsThem() throws Exception {
    try (LiveMount jfs = mount()) {
      String meta = "lmdb://" + folder.resolve("jfs/meta");
      String configured =
          jfs.client(
              "config",
              meta,
              "--access-key",
              "id",
              "--secret-key",
              SECRET,
              "--session-token",
              TOKEN,
              "--yes");
      clean("config", configured);
      clean("status", jfs.client("status", meta));
      String unused = jfs.sh("echo x > f; ! cat nope 2>/dev/null");
      for (String file : List.of(".config", ".stats", ".slow", ".running")) {
        clean(file, jfs.sh("cat " + file));
      }
      clean("metrics", jfs.metrics());
      clean("log", jfs.log());
      long pid = jfs.server().pid();
      Path arguments = Path.of("/proc", Long.toString(pid), "cmdline");
      clean("ps", Files.readString(arguments, StandardCharsets.UTF_8));
      debugArchive(jfs);
    }
  }

  /** With secrets in its environment. */
  private LiveMount mount() throws Exception {
    return LiveMount.jfs(
        folder.resolve("jfs"),
        Map.of("META_PASSWORD", PASSWORD, "SECRET_KEY", SECRET, "SESSION_TOKEN", TOKEN),
        "--verbose");
  }

  private void debugArchive(LiveMount jfs) throws Exception {
    String unused = jfs.sh("touch " + PASSWORD); // so that it stands in the access log
    Process named =
        jfs.start(
            "for i in 1 2 3 4 5 6 7 8; do ls -l " + PASSWORD + "; sleep 0.5; done",
            folder.resolve("ls"));
    String said =
        jfs.client(
            "debug",
            "--out-dir",
            folder.resolve("debug").toString(),
            "--stats-sec",
            "1",
            "--trace-sec",
            "2",
            "--profile-sec",
            "1",
            jfs.path().toString());
    assertThat(named.waitFor()).isZero();
    clean("debug", said);
    Path archive = Path.of(said.lines().reduce((first, last) -> last).orElseThrow());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(archive)))
        .isEqualTo("rw-------");
    Map<String, String> texts = contents(archive);
    texts.forEach((name, text) -> clean(archive + " " + name, text));
    texts.forEach((name, text) -> assertThat(text).as(name).doesNotContain("could not be"));
    assertThat(texts.keySet())
        .containsExactly(
            "accesslog.2s.txt",
            "config.txt",
            "java/heap.txt",
            "java/machine.txt",
            "java/profile.1s.txt",
            "java/threads.txt",
            "jfs.log",
            "running.txt",
            "slow.txt",
            "stats.1s.txt",
            "stats.txt",
            "system-info.log");
    assertThat(texts.get("accesslog.2s.txt")).contains(",****): ");
    assertThat(texts.get("config.txt")).contains("\"Mountpoint\": \"" + jfs.path());
    assertThat(texts.get("java/threads.txt")).contains("\"main\"", "java.lang.Thread.State");
    assertThat(texts.get("java/heap.txt")).contains("generation", " java.lang.String ");
    assertThat(texts.get("java/machine.txt")).contains("-XX:");
    assertThat(texts.get("jfs.log")).contains("is ready at \"" + jfs.path());
    assertThat(texts.get("stats.txt")).contains("juicefs_uptime ");
    assertThat(texts.get("stats.1s.txt")).contains("juicefs_uptime ");
    assertThat(texts.get("system-info.log"))
        .contains("== Mount\n", "fuse.juicefs", "== Command line\n", " --verbose ")
        .contains("== Process\n", "VmRSS", "== Limits\n", "== Cache disks\nFilesystem");
  }

  private static Map<String, String> contents(Path archive) throws Exception {
    Map<String, String> texts = new TreeMap<>();
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(archive))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        String name = entry.getName().substring(entry.getName().indexOf('/') + 1);
        texts.put(name, new String(zip.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return texts;
  }

  @Test
  void errorsDoNotShowThePassword() {
    String url = "redis://user:" + PASSWORD + "@127.0.0.1:1/1";
    for (String command : List.of("status", "fsck", "config")) {
      CommandRun run = CommandRun.jfs(command, url, "--verbose");
      assertThat(run.exitCode()).isEqualTo(1);
      clean(command, run.out() + run.log());
    }
  }

  private static void clean(String where, String text) {
    assertThat(text).as(where).doesNotContain(SECRET, TOKEN, PASSWORD);
  }
}
