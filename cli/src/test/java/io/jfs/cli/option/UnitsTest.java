package io.jfs.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class UnitsTest {
  @ParameterizedTest
  @CsvSource({
    "4M, K, 4194304",
    "4096, K, 4194304",
    "1.5G, M, 1610612736",
    "300, M, 314572800",
    "64KiB, B, 65536",
    "10kb, B, 10240",
    "0, G, 0",
    "1P, B, 1125899906842624"
  })
  void sizes(String text, char unit, long bytes) {
    assertThat(Units.bytes(text, unit)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "M", "4X", "-1", "1..2", "4 M M", "9E9"})
  void notSizes(String text) {
    assertThatThrownBy(() -> Units.bytes(text, 'M')).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void tooLargeIsSaidSo() {
    assertThatThrownBy(() -> Units.bytes("9000E", 'B')).hasMessageContaining("too large");
  }

  @ParameterizedTest
  @CsvSource({
    "1, PT1S",
    "1.5, PT1.5S",
    "1h30m, PT1H30M",
    "100ms, PT0.1S",
    "2d12h, PT60H",
    "-1s, PT-1S",
    "0, PT0S"
  })
  void durations(String text, Duration expected) {
    assertThat(Units.duration(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "s", "1x", "1h30", "h1"})
  void notDurations(String text) {
    assertThatThrownBy(() -> Units.duration(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"8, 1000000", "1G, 125000000", "0.8, 100000"})
  void bandwidths(String text, long bytesPerSecond) {
    assertThat(Units.bytesPerSecond(text)).isEqualTo(bytesPerSecond);
  }

  @Property
  void anyNumberOfBytesIsItself(@ForAll @LongRange(min = 0) long bytes) {
    assertThat(Units.bytes(bytes + "B", 'G')).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({"5, 5 B", "1024, 1.0 KiB", "5242880, 5.0 MiB", "107374182400, 100 GiB"})
  void forPeople(long bytes, String text) {
    assertThat(Units.humanBytes(bytes)).isEqualTo(text);
  }
}
