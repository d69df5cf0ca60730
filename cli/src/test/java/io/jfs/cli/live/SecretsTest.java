package io.jfs.cli.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.cli.CommandRun;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    try (LiveMount jfs = LiveMount.jfs(folder.resolve("jfs"), "--verbose")) {
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
    }
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
