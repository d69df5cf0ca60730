package io.jfs.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jfs.fuse.MountOptions.Feature;
import io.jfs.fuse.device.MountRequest;
import org.junit.jupiter.api.Test;

class MountOptionsTest {
  private final MountOptions options = MountOptions.of("vol").without(Feature.ALLOW_OTHER);

  @Test
  void hasSafeDefaults() {
    MountRequest request = options.mountRequest();
    assertThat(request.source()).isEqualTo("JuiceFS:vol");
    assertThat(request.flags()).isEqualTo(MountRequest.MS_NOSUID | MountRequest.MS_NODEV);
    assertThat(request.options()).containsExactly("default_permissions", "max_read=1048576");
    assertThat(request.words())
        .containsExactly(
            "fsname=JuiceFS:vol",
            "subtype=juicefs",
            "nosuid",
            "nodev",
            "default_permissions",
            "max_read=1048576");
  }

  @Test
  void sortsWords() {
    MountOptions parsed =
        options.parse(
            "allow_other,ro,debug, writeback_cache,async_dio,,max_read=131072,suid,noexec,"
                + "_netdev,x-systemd.requires=net,defaults,context=a_t,fsname=a\\,b");
    assertThat(parsed.features())
        .contains(
            Feature.ALLOW_OTHER,
            Feature.RO,
            Feature.DEBUG,
            Feature.WRITEBACK_CACHE,
            Feature.ASYNC_DIO);
    assertThat(parsed.maxIoBytes()).isEqualTo(131072);
    assertThat(parsed.mountFlags()).isEqualTo(MountRequest.MS_NODEV | MountRequest.MS_NOEXEC);
    assertThat(parsed.mountRequest().options())
        .contains("allow_other", "default_permissions", "max_read=131072", "context=a_t")
        .doesNotContain("ro", "debug", "_netdev", "defaults");
  }

  @Test
  void allowRootIsAllowOtherForTheKernel() {
    MountOptions parsed = options.parse("allow_root");
    assertThat(parsed.mountRequest().options())
        .contains("allow_other")
        .doesNotContain("allow_root");
    assertThat(parsed.has(Feature.ALLOW_OTHER)).isFalse();
  }

  @Test
  void refusesBadValues() {
    assertThatThrownBy(() -> options.parse("max_read=much"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("mount option max_read=much: not a number");
    assertThatThrownBy(() -> options.parse("max_read=2097152"))
        .hasMessage("max_read must be 4096 to 1048576 bytes");
  }
}
