package io.jfs.cache.block;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HashesTest {
  @ParameterizedTest
  @CsvSource({
    "chunks/0/0/1_0_65536, 1", "chunks/0/0/1_1_65536, 2", "chunks/0/0/1_2_65536, 1",
    "chunks/0/0/1_3_65536, 0", "chunks/0/0/1_4_65536, 1", "chunks/0/0/1_5_65536, 0",
    "chunks/0/0/1_6_6784, 0", "juicefs_uuid, 2",
  })
  void shardsOfTheReference(String key, int shard) {
    assertThat(Integer.remainderUnsigned(Hashes.fnv1a32("vsh/" + key), 3)).isEqualTo(shard);
  }

  @Test
  void murmur3OfKnownTexts() {
    assertThat(Hashes.murmur3("")).isZero();
    assertThat(Hashes.murmur3("test")).isEqualTo(0xba6bd213);
    assertThat(Hashes.murmur3("Hello, world!")).isEqualTo(0xc0363e43);
    assertThat(Hashes.murmur3("The quick brown fox jumps over the lazy dog")).isEqualTo(0x2e4ff723);
  }

  @Test
  void fnv1OfKnownTexts() {
    assertThat(Hashes.fnv1("")).isEqualTo(0x811c9dc5);
    assertThat(Hashes.fnv1("a")).isEqualTo(0x050c5d7e);
    assertThat(Hashes.fnv1a32("a")).isEqualTo(0xe40c292c);
  }
}
