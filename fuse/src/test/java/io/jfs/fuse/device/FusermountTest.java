package io.jfs.fuse.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The way of users who are not root, up to the first request. */
@Tag("mount")
@Timeout(60)
class FusermountTest {
  private static final MountRequest REQUEST =
      new MountRequest("JuiceFS:a,b", "juicefs", MountRequest.MS_NOSUID, List.of("max_read=65536"));

  @Test
  void passesTheDescriptorAndUnmounts() throws Exception {
    assumeTrue(Files.isWritable(Path.of("/dev/fuse")), "/dev/fuse cannot be opened");
    assumeTrue(Files.exists(Path.of("/usr/bin/fusermount3")), "fusermount3 is not installed");
    Path directory = Files.createTempDirectory("jfs-fuse-test").toRealPath();
    try (NativeMemory memory = NativeMemory.allocate(1 << 16)) {
      FuseDevice device = Fusermount.mount(directory, REQUEST);
      try {
        assertThat(Files.readString(Path.of("/proc/mounts")))
            .contains("JuiceFS:a,b " + directory + " fuse.juicefs rw,nosuid");
        assertThat(device.read(memory)).isEqualTo(104);
        assertThat(memory.buffer().getInt(4)).as("INIT").isEqualTo(26);
      } finally {
        Fusermount.unmount(directory);
        assertThat(device.read(memory)).isEqualTo(-FuseDevice.ENODEV);
        device.close();
      }
      assertThat(MountTable.at(directory)).isNull();
    } finally {
      Files.delete(directory);
    }
  }

  @Test
  void saysWhenTheHelperRefuses() {
    assumeTrue(Files.exists(Path.of("/usr/bin/fusermount3")), "fusermount3 is not installed");
    Path missing = Path.of("/tmp/no-such-directory-here");
    assertThatThrownBy(() -> Fusermount.mount(missing, REQUEST))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("fusermount3 could not mount " + missing);
    assertThatThrownBy(() -> Fusermount.unmount(missing)).isInstanceOf(IOException.class);
  }
}
