package io.jfs.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class LoadTest {
  @Test
  void everyNumberRunsOnce() throws Exception {
    Set<Long> numbers = ConcurrentHashMap.newKeySet();
    Load.Result result =
        new Load(4, System::nanoTime)
            .times(
                1000,
                (worker, number) -> {
                  assertThat(numbers.add(number)).isTrue();
                  return 10;
                });
    assertThat(numbers).hasSize(1000);
    assertThat(result.operations()).isEqualTo(1000);
    assertThat(result.bytes()).isEqualTo(10_000);
    assertThat(result.latencies().count()).isEqualTo(1000);
  }

  @Test
  void aTimedLoadEndsWithItsTime() throws Exception {
    AtomicLong now = new AtomicLong();
    Load.Result result =
        new Load(1, now::get)
            .during(
                Duration.ofSeconds(10),
                (worker, number) -> {
                  now.addAndGet(1_000_000_000);
                  return 1 << 20;
                });
    assertThat(result.operations()).isEqualTo(10);
    assertThat(result.perSecond()).isEqualTo(1.0);
    assertThat(result.mibPerSecond()).isEqualTo(1.0);
    assertThat(result.latencies().leastNanos()).isEqualTo(1_000_000_000);
  }

  @Test
  void theFirstFailureEndsIt() {
    AtomicLong runs = new AtomicLong();
    assertThatThrownBy(
            () ->
                new Load(2, System::nanoTime)
                    .times(
                        1_000_000,
                        (worker, number) -> {
                          if (runs.incrementAndGet() >= 100) {
                            throw new IOException("broken");
                          }
                          return 0;
                        }))
        .isInstanceOf(IOException.class)
        .hasMessage("broken");
    assertThat(runs.get()).isLessThan(1000);
  }
}
