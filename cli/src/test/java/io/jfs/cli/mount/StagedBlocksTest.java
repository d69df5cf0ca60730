package io.jfs.cli.mount;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.cli.control.ControlAnswers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StagedBlocksTest {
  @TempDir Path cache;

  private StagedBlocks staged(boolean writeback) {
    String folders = cache.resolve("none") + ":" + cache;
    return StagedBlocks.of(
        ControlAnswers.fields(
            "{\"Chunk\":{\"Writeback\":" + writeback + ",\"CacheDir\":\"" + folders + "\"}}"));
  }

  @Test
  void countsWhatWaitsForItsUpload() throws Exception {
    assertThat(staged(true).bytes()).isZero();
    Path folder = Files.createDirectories(cache.resolve("rawstaging/chunks/0/0"));
    Files.write(folder.resolve("1_0_5"), new byte[5]);
    Files.createDirectories(cache.resolve("raw"));
    Files.write(cache.resolve("raw/2_0_7"), new byte[7]);
    assertThat(staged(true).bytes()).isEqualTo(5);
    assertThat(staged(false).bytes()).isZero();
  }
}
