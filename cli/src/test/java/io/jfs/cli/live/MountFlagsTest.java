package io.jfs.cli.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Options of mount that change what users see, on real mounts. Vfs-cli spec 2.6 and 4.2. */
@Tag("mount")
@Timeout(300)
final class MountFlagsTest {
  private static final String AS_USER = "setpriv --reuid 4321 --regid 4321 --clear-groups ";

  @TempDir Path folder;

  @BeforeEach
  void onlyRootChangesHisName() {
    Assumptions.assumeTrue("root".equals(System.getProperty("user.name")));
  }

  @Test
  void rootSquash() throws Exception {
    try (LiveMount jfs = LiveMount.jfs(folder, "--root-squash", "1234:1235", "--umask", "027")) {
      jfs.sh("touch f; mkdir d; chmod 700 d; " + AS_USER + "mkdir -m 700 theirs");
      assertThat(jfs.sh("stat -c '%u:%g %a' f d theirs"))
          .isEqualTo("1234:1235 640\n1234:1235 700\n4321:4321 700\n");
      assertThat(jfs.sh("(touch theirs/x 2>&1 || true) | grep -o 'Permission denied'"))
          .isEqualTo("Permission denied\n");
      assertThat(jfs.sh("(chown 5 f 2>&1 || true) | grep -o 'not permitted'"))
          .isEqualTo("not permitted\n");
      assertThat(jfs.sh("cat .config"))
          .contains("\"RootSquash\": {\n  \"Uid\": 1234,\n  \"Gid\": 1235\n }", "\"UMask\": 23");
      assertThat(jfs.sh("timeout 2 head -c1 .accesslog | wc -c")).isEqualTo("1\n");
    }
  }

  @Test
  void allSquash() throws Exception {
    try (LiveMount jfs = LiveMount.jfs(folder, "--all-squash", "1234")) {
      jfs.sh("touch root; " + AS_USER + "touch user");
      assertThat(jfs.sh("stat -c '%u:%g' root user")).isEqualTo("1234:65534\n1234:65534\n");
      jfs.sh("mkdir -m 700 d; " + AS_USER + "touch d/f; echo x > user");
      assertThat(jfs.sh(AS_USER + "cat user")).isEqualTo("x\n");
      jfs.sh("! " + AS_USER + "cat .config");
      jfs.sh("! grep ' " + jfs.path() + " ' /proc/mounts | grep default_permissions");
    }
  }

  @Test
  void listingsCountersAndAddresses() throws Exception {
    try (LiveMount jfs =
        LiveMount.jfs(
            folder,
            "--sort-dir",
            "--fast-statfs",
            "--network-interfaces",
            "lo",
            "--open-cache=60")) {
      jfs.sh("mkdir d; for n in $(seq 300 | shuf); do echo $n > d/$n; done");
      assertThat(jfs.sh("ls -U d")).isEqualTo(jfs.sh("ls -U d | LC_ALL=C sort"));
      assertThat(jfs.sh("df --output=iused . | tail -1").strip()).isEqualTo("301");
      assertThat(jfs.sh("for i in 1 2 3; do cat d/7; done")).isEqualTo("7\n7\n7\n");
      assertThat(jfs.client("status", "lmdb://" + folder.resolve("meta")))
          .containsPattern("\"IPAddrs\": \\[[^]]*\"127.0.0.1\"\\s*]");
    }
  }

  @Test
  void nonDefaultPermission() throws Exception {
    try (LiveMount jfs = LiveMount.jfs(folder, "--non-default-permission")) {
      jfs.sh("mkdir -m 700 d; echo x > d/f; echo y > g; chmod 600 g");
      jfs.sh("! " + AS_USER + "cat d/f; ! " + AS_USER + "cat g; ! " + AS_USER + "touch d/n");
    }
  }
}
