package io.jfs.fuse.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.fuse.device.MountTable.Mounted;
import java.util.List;
import org.junit.jupiter.api.Test;

class MountTableTest {
  private static final List<String> LINES =
      List.of(
          "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
          "40 22 0:45 / /mnt/a\\040b rw shared:5 master:3 - fuse.juicefs JuiceFS:x rw,user_id=0",
          "41 22 0:46 / /mnt/x rw - fuse.juicefs JuiceFS:lower rw",
          "42 41 0:47 / /mnt/x rw - tmpfs tmpfs rw");

  @Test
  void findsTheTopmostMount() {
    assertThat(MountTable.find(LINES, "/mnt/x")).isEqualTo(new Mounted("0:47", "tmpfs"));
    assertThat(MountTable.find(LINES, "/mnt/a b")).isEqualTo(new Mounted("0:45", "fuse.juicefs"));
    assertThat(MountTable.find(LINES, "/mnt")).isNull();
  }
}
