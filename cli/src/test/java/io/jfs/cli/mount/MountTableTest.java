package io.jfs.cli.mount;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class MountTableTest {
  private static final List<String> MOUNTS =
      List.of(
          "proc /proc proc rw 0 0",
          "JuiceFS:one /mnt/a\\040b fuse.juicefs rw 0 0",
          "JuiceFS:two /mnt/c fuse.juicefs rw 0 0",
          "tmpfs /mnt/c tmpfs rw 0 0");

  @Test
  void findsTheTopmostMount() {
    assertThat(MountTable.fuseMountAt(MOUNTS, "/mnt/a b")).contains("JuiceFS:one");
    assertThat(MountTable.fuseMountAt(MOUNTS, "/mnt/c")).isEmpty();
    assertThat(MountTable.fuseMountAt(MOUNTS, "/mnt")).isEmpty();
    assertThat(MountTable.fuseMountAt(MOUNTS, "/proc")).isEmpty();
  }
}
