package io.jfs.cli.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code status --more}: what the trash keeps. JuiceFS says the same of the same volume. */
@Tag("mount")
@Timeout(300)
final class StatusMoreTest {
  @TempDir Path folder;

  @Test
  void countsWhatTheTrashKeeps() throws Exception {
    try (LiveMount jfs = LiveMount.jfs(folder)) {
      String meta = "lmdb://" + folder.resolve("meta");
      assertThat(jfs.client("status", "--more", meta))
          .doesNotContain("TrashFile", "TrashSlice", "Pending");
      jfs.sh(
          """
          mkdir -p d/e; for n in 1 2 3; do head -c 5000 /dev/urandom > d/e/$n; done
          ln -s x d/l; echo x > f; rm -r d f; echo hi > g
          for n in $(seq 20); do
            head -c 1000 /dev/urandom | dd of=g bs=1000 seek=$n conv=notrunc,fsync status=none
          done
          """);
      String unused = jfs.client("compact", jfs.path().resolve("g").toString());
      assertThat(jfs.client("status", "-m", meta))
          .contains("\"TrashFileCount\": 7", "\"TrashFileSize\": 15002")
          .containsPattern("\"TrashSliceCount\": 2\\d,") // the mount compacts by itself, too
          .containsPattern("\"TrashSliceSize\": 2\\d{4}\n")
          .doesNotContain("Pending");
      assertThat(jfs.client("status", meta)).doesNotContain("TrashFile");
    }
  }
}
