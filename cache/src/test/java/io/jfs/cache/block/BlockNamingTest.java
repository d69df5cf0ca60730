package io.jfs.cache.block;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlockNamingTest {
  @ParameterizedTest
  @CsvSource({
    "PLAIN, 3, 0, 4194304, chunks/0/0/3_0_4194304",
    "PLAIN, 3, 1, 1048576, chunks/0/0/3_1_1048576",
    "PLAIN, 4097, 0, 10, chunks/0/4/4097_0_10",
    "HASHED, 2, 0, 65536, chunks/02/0/2_0_65536",
    "HASHED, 2, 1, 34464, chunks/02/0/2_1_34464",
    "PLAIN, 1234567890, 0, 4194304, chunks/1234/1234567/1234567890_0_4194304",
    "HASHED, 1234567890, 0, 4194304, chunks/D2/1234/1234567890_0_4194304",
  })
  void namesOfTheReference(BlockNaming naming, long id, int index, int size, String name) {
    BlockKey key = new BlockKey(id, index, size);
    assertThat(naming.name(key)).isEqualTo(name);
    assertThat(naming.parse(name)).isEqualTo(key);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "chunks/0/0/1_0",
        "chunks/0/0/1_0_",
        "chunks/0/0/_0_1",
        "chunks/0/0/1_0_1_2",
        "chunks/0/0/01_0_1",
        "chunks/0/1/1_0_1",
        "chunks/0/0/1_-1_1",
        "chunks/0/0/.jfs.1_0_1.tmp.3",
        "chunks/0/0/1_0_99999999999"
      })
  void otherNamesAreNone(String name) {
    assertThat(BlockNaming.PLAIN.parse(name)).isNull();
  }

  @Property(tries = 300)
  void everyNameReadsBack(
      @ForAll @LongRange(min = 1) long id,
      @ForAll @IntRange(max = 1023) int index,
      @ForAll @IntRange(min = 1, max = 16 << 20) int size,
      @ForAll BlockNaming naming) {
    BlockKey key = new BlockKey(id, index, size);
    assertThat(naming.parse(naming.name(key))).isEqualTo(key);
  }

  @Test
  void theVolumeDecides() {
    assertThat(BlockNaming.of(true)).isEqualTo(BlockNaming.HASHED);
    assertThat(BlockNaming.of(false)).isEqualTo(BlockNaming.PLAIN);
  }
}
