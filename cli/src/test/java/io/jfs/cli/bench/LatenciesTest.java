package io.jfs.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import io.jfs.cli.watch.Screen;
import org.junit.jupiter.api.Test;

final class LatenciesTest {
  private final Latencies latencies = new Latencies();

  @Test
  void withoutAnyAllIsZero() {
    assertThat(latencies.count()).isZero();
    assertThat(latencies.leastNanos()).isZero();
    assertThat(latencies.greatestNanos()).isZero();
    assertThat(latencies.percentileNanos(99)).isZero();
    assertThat(LatencyText.histogram(latencies, Screen.standard(false))).isEmpty();
  }

  @Test
  void percentilesAreRightWithinThreePercent() {
    for (int i = 1; i <= 100_000; i++) {
      latencies.add(i * 1000L);
    }
    assertThat(latencies.count()).isEqualTo(100_000);
    assertThat(latencies.leastNanos()).isEqualTo(1000);
    assertThat(latencies.greatestNanos()).isEqualTo(100_000_000);
    assertThat(latencies.averageNanos()).isEqualTo(50_000_500.0);
    for (double percent : new double[] {1, 50, 75, 90, 95, 99, 99.9}) {
      assertThat((double) latencies.percentileNanos(percent))
          .isCloseTo(percent * 1_000_000, withPercentage(3.2));
    }
    assertThat(latencies.percentileNanos(100)).isEqualTo(100_000_000);
  }

  @Test
  void everyValueHasAClass() {
    for (long value = 0; value >= 0 && value < Long.MAX_VALUE / 3; value = value * 2 + 1) {
      Latencies one = new Latencies();
      one.add(value);
      assertThat(one.percentileNanos(50)).isEqualTo(value);
    }
  }

  @Test
  void sumsOfTwo() {
    Latencies other = new Latencies();
    latencies.add(10);
    other.add(30);
    latencies.addAll(other);
    assertThat(latencies.count()).isEqualTo(2);
    assertThat(latencies.averageNanos()).isEqualTo(20);
    assertThat(latencies.greatestNanos()).isEqualTo(30);
  }

  @Test
  void theHistogramIsAPicture() {
    for (int i = 0; i < 75; i++) {
      latencies.add(300_000);
    }
    for (int i = 0; i < 25; i++) {
      latencies.add(3_000_000);
    }
    assertThat(LatencyText.histogram(latencies, Screen.standard(false)))
        .isEqualTo(
            """
              <    500 us         75  75.00%% |%s
              <      1 ms          0   0.00%% |
              <      2 ms          0   0.00%% |
              <      5 ms         25  25.00%% |%s
            """
                .formatted("#".repeat(40), "#".repeat(14)));
    assertThat(LatencyText.lines(latencies))
        .startsWith("  min 300 us  avg 975 us  max 3.00 ms\n  p50 ")
        .endsWith("\n");
  }

  @Test
  void shortTextsAreShort() {
    assertThat(LatencyText.shortMillis(3_150_000)).isEqualTo("3.2");
    assertThat(LatencyText.time(147_780_000)).isEqualTo("147.8 ms");
    assertThat(LatencyText.shortMillis(4_000)).isEqualTo("0.00");
    assertThat(LatencyText.shortMillis(850_000)).isEqualTo("0.85");
    assertThat(LatencyText.shortMillis(12_500_000)).isEqualTo("12.5");
    assertThat(LatencyText.shortMillis(1_310_000_000)).isEqualTo("1310");
  }
}
