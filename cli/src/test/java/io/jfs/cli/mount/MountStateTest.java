package io.jfs.cli.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jfs.fuse.proto.Init.Agreement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountStateTest {
  private static final MountState STATE =
      new MountState(
          Path.of("/mnt/with blank\\and\nline"),
          Path.of("/var/log/jfs.log"),
          "0:39",
          new Agreement(45, 1 << 20, -5, 1 << 20),
          7,
          3,
          false,
          Map.of("volume", "a=b", "sub-directory", ""));

  @TempDir Path folder;

  @Test
  void comesBackAsItWas() throws Exception {
    Path file = folder.resolve("state");
    assertThat(MountState.readFrom(file)).isEmpty();
    STATE.writeTo(file);
    STATE.ended().writeTo(file);
    assertThat(MountState.readFrom(file)).contains(STATE.ended());
    assertThat(STATE.ended().orderly()).isTrue();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void refusesWhatIsNotWhole() throws Exception {
    Path file = folder.resolve("state");
    Files.writeString(file, STATE.text().replace("end=\n", ""));
    assertThatThrownBy(() -> MountState.readFrom(file)).isInstanceOf(IOException.class);
    Files.writeString(file, STATE.text().replace("session=", "x="));
    assertThatThrownBy(() -> MountState.readFrom(file)).hasMessageContaining("session");
  }

  @Test
  void findsTheArgumentsBehindTheJar() throws Exception {
    byte[] line =
        "java\0-Xmx1m\0-jar\0/x/jfs.jar\0mount\0-d\0a b\0".getBytes(StandardCharsets.UTF_8);
    assertThat(UpgradeRequest.arguments(line)).asString().isEqualTo("mount\0-d\0a b\0");
    byte[] environment = "XJFS_LAUNCHER=n\0JFS_LAUNCHER=/x/jfs\0".getBytes(StandardCharsets.UTF_8);
    assertThat(UpgradeRequest.valueOf(environment, "JFS_LAUNCHER=")).asString().isEqualTo("/x/jfs");
    assertThatThrownBy(
            () -> UpgradeRequest.arguments("java\0Main\0".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(IOException.class);
  }
}
