package io.jfs.meta.engine.kv.tikv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderedBytesTest {
  private static ByteString hex(String digits) {
    return ByteString.copyFrom(HexFormat.of().parseHex(digits == null ? "" : digits));
  }

  @ParameterizedTest
  @CsvSource({
    ", 0000000000000000f7",
    "010203, 0102030000000000fa",
    "01020300, 0102030000000000fb",
    "0102030405060708, 0102030405060708ff0000000000000000f7",
    "010203040506070809, 0102030405060708ff0900000000000000f8"
  })
  void groupsOfEight(String raw, String encoded) {
    assertThat(OrderedBytes.encode(hex(raw))).isEqualTo(hex(encoded));
    assertThat(OrderedBytes.decode(hex(encoded))).isEqualTo(hex(raw));
  }

  @Test
  void orderSurvives() {
    Random random = new Random(7);
    List<ByteString> keys = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      byte[] key = new byte[random.nextInt(20)];
      random.nextBytes(key);
      for (int j = 0; j < key.length; j++) {
        key[j] &= random.nextBoolean() ? 0 : -1;
      }
      keys.add(ByteString.copyFrom(key));
    }
    for (ByteString a : keys) {
      for (ByteString b : keys) {
        assertThat(
                Integer.signum(
                    KnownRegion.KEY_ORDER.compare(OrderedBytes.encode(a), OrderedBytes.encode(b))))
            .isEqualTo(Integer.signum(KnownRegion.KEY_ORDER.compare(a, b)));
      }
    }
  }

  @Test
  void noEndIsNoEnd() {
    assertThat(OrderedBytes.decode(ByteString.EMPTY)).isEqualTo(ByteString.EMPTY);
  }

  @Test
  void otherBytesAreRefused() {
    assertThatThrownBy(() -> OrderedBytes.decode(hex("010203")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
