package io.jfs.cli.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FstabEntryTest {
  private static final Path MNT = Path.of("/mnt/jfs");

  @TempDir Path folder;

  private static FstabEntry entry(Map<String, String> given) {
    return FstabEntry.of("redis://host/1", MNT, given);
  }

  @Test
  void saysWhatTheCommandLineSaid() {
    Map<String, String> given =
        Map.of(
            "update-fstab", "true",
            "background", "true",
            "writeback", "true",
            "cache-size", "10G",
            "o", "allow_other,noatime");
    assertThat(entry(given).line())
        .isEqualTo(
            "redis://host/1  /mnt/jfs  jfs"
                + "  _netdev,nofail,cache-size=10G,writeback,allow_other,noatime  0 0");
  }

  @Test
  void refusesWhatEverybodyCouldRead() {
    assertThatThrownBy(() -> FstabEntry.of("redis://:secret@host/1", MNT, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("password")
        .hasMessageNotContaining("secret");
  }

  @Test
  void refusesWhatALineCannotSay() {
    assertThatThrownBy(() -> entry(Map.of("upload-hours", "7,23")))
        .hasMessageContaining("upload-hours=7,23");
    assertThatThrownBy(() -> entry(Map.of("cache-dir", "/a b"))).hasMessageContaining("/a b");
  }

  @Test
  void takesThePlaceOfItsFormerLine() throws Exception {
    Path table = folder.resolve("fstab");
    Files.writeString(
        table,
        """
        # a comment
        /dev/sda1 / ext4 defaults 0 1
        lmdb:///old  /mnt/jfs  jfs  _netdev  0 0
        lmdb:///other  /mnt/other  jfs  _netdev  0 0
        """);
    entry(Map.of()).putInto(table);
    entry(Map.of("cache-size", "1G")).putInto(table);
    assertThat(table)
        .hasContent(
            """
            # a comment
            /dev/sda1 / ext4 defaults 0 1
            lmdb:///other  /mnt/other  jfs  _netdev  0 0
            redis://host/1  /mnt/jfs  jfs  _netdev,nofail,cache-size=1G  0 0
            """);
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(table);
    }
  }
}
