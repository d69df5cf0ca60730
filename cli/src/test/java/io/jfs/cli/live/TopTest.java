package io.jfs.cli.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code jfs top} sees what processes do. */
@Tag("mount")
@Timeout(300)
final class TopTest {
  @TempDir Path folder;

  @Test
  void showsWhoDoesWhat() throws Exception {
    try (LiveMount jfs = LiveMount.jfs(folder.resolve("jfs"))) {
      Process busy = jfs.start("while true; do mkdir busy; rmdir busy; done", folder.resolve("c"));
      String top = jfs.client("top", jfs.path().toString(), "--interval", "3", "--count", "1");
      busy.destroy();
      assertThat(busy.waitFor()).isNotNegative();
      assertThat(top).contains("NOW PID", "WAITS FOR", "PER SEC", "META%");
      assertThat(top).containsPattern("(?m)^ *\\d+ \\S+ +mkdir +[0-9.]+ +[0-9.]+ .* /busy$");
    }
  }
}
