package io.jfs.chunk.object.ceph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jfs.chunk.object.NoSpaceException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What needs no cluster and no librados. */
class CephSettingsTest {
  @ParameterizedTest
  @CsvSource({
    "ceph://jfs, jfs",
    "ceph://jfs/, jfs",
    "ceph://jfs/elsewhere, jfs",
    "jfs, jfs",
    "ceph://My.Pool_1, My.Pool_1"
  })
  void thePoolIsTheHostOfTheBucket(String bucket, String pool) {
    assertThat(CephPool.of(bucket, "", "")).isEqualTo(new CephPool(pool, "ceph", "client.admin"));
  }

  @Test
  void clusterAndUserAreTheKeys() {
    CephPool pool = CephPool.of("ceph://jfs", "east", "client.jfs");
    assertThat(pool.cluster()).isEqualTo("east");
    assertThat(pool.user()).isEqualTo("client.jfs");
    assertThat(pool.url()).isEqualTo("ceph://jfs/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ceph://", "ceph:///x", "http://host/pool", "/var/jfs"})
  void bucketsWithoutAPoolAreRefused(String bucket) {
    assertThatThrownBy(() -> CephPool.of(bucket, "", ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bucket of ceph");
  }

  @Test
  void aUserWithoutATypeIsRefusedAndNotRepeated() {
    assertThatThrownBy(() -> CephPool.of("ceph://jfs", "", "AQBsecretKey=="))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("client.admin")
        .hasMessageNotContaining("AQBsecretKey");
  }

  @Test
  void withoutLibradosOneLineSaysWhatToInstall() {
    assertThatThrownBy(() -> Librados.load("jfs-no-such-library"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("librados2")
        .message()
        .doesNotContain("\n");
  }

  @Test
  void errorsSayWhatTheyMean() {
    assertThat(CephException.of("put k", -28)).isInstanceOf(NoSpaceException.class);
    assertThat(CephException.of("put k", -122)).isInstanceOf(NoSpaceException.class);
    assertThat(CephException.of("put k", -90)).hasMessageContaining("osd_max_write_size");
    assertThat(CephException.of("put k", -27)).hasMessageContaining("osd_max_object_size");
    assertThat(CephException.of("get k", -110)).hasMessageContaining("timed out");
    assertThat(CephException.of("get k", -4095)).hasMessage("get k: error (errno 4095)");
    assertThat(((CephException) CephException.of("get k", -13)).code()).isEqualTo(13);
  }
}
