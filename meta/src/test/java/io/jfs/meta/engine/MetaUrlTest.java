package io.jfs.meta.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.EngineException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetaUrlTest {
  @Test
  void partsOfAnAddress() {
    MetaUrl url = MetaUrl.parse("etcd://us%40er:p%3Aw@h1:2379,h2/vol/a?cacert=/x%20y&key=k");
    assertThat(url.scheme()).isEqualTo("etcd");
    assertThat(url.user()).isEqualTo("us@er");
    assertThat(url.password()).isEqualTo("p:w");
    assertThat(url.authority()).isEqualTo("h1:2379,h2");
    assertThat(url.path()).isEqualTo("/vol/a");
    assertThat(url.options()).isEqualTo(Map.of("cacert", "/x y", "key", "k"));
  }

  @Test
  void placesOfFiles() {
    assertThat(MetaUrl.parse("lmdb:///var/x?durability=none").place()).isEqualTo("/var/x");
    assertThat(MetaUrl.parse("lmdb://rel/x").place()).isEqualTo("rel/x");
    assertThat(MetaUrl.parse("memkv://name").place()).isEqualTo("name");
    assertThat(MetaUrl.parse("lmdb://a?x").options()).isEqualTo(Map.of("x", ""));
  }

  @Test
  void redisWithoutScheme() {
    assertThat(MetaUrl.parse("localhost:6379/1").scheme()).isEqualTo("redis");
    assertThat(MetaUrl.parse("localhost:6379/1").authority()).isEqualTo("localhost:6379");
    assertThat(MetaUrl.parse("localhost").password()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "redis://u:secret@host/1, redis://u:****@host/1",
    "redis://:secret@host/1, redis://:****@host/1",
    "redis://u:se@cr:et@host:6379/1, redis://u:****@host:6379/1",
    "redis://host:6379/1, redis://host:6379/1",
    "redis://u@host:6379/1, redis://u@host:6379/1",
    "u:secret@host/1, redis://u:****@host/1"
  })
  void passwordsAreMasked(String address, String masked) {
    MetaUrl url = MetaUrl.parse(address);
    assertThat(url.masked()).isEqualTo(masked);
    assertThat(url).hasToString(masked);
    assertThat(url.invalid("no")).hasMessage(masked + ": no");
  }

  @Test
  void unknownScheme() {
    assertThatThrownBy(() -> Engines.open("foo://bar", Map.of()))
        .isInstanceOf(EngineException.class)
        .hasMessage("Invalid meta driver: foo");
  }

  @Test
  void memoryVolumesAreSharedByName() {
    Engine one = Engines.open("memkv://shared-by-name", Map.of());
    Engine two = Engines.open("memkv://shared-by-name", Map.of());
    assertThat(one.allocate(io.jfs.meta.record.Records.Sequence.SLICE, 5)).isEqualTo(1);
    assertThat(two.allocate(io.jfs.meta.record.Records.Sequence.SLICE, 5)).isEqualTo(6);
    one.destroy();
  }
}
