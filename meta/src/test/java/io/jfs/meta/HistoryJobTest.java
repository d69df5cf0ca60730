package io.jfs.meta;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.ForwardingEngine;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Old versions are dropped by one client an hour, however many there are. */
class HistoryJobTest {
  @Test
  void oneClientAnHourCollectsHistory() throws Exception {
    AtomicInteger collected = new AtomicInteger();
    Supplier<Engine> memory = TestVolume.inMemory();
    Supplier<Engine> engines =
        () ->
            new ForwardingEngine(memory.get()) {
              @Override
              public void collectHistory() {
                collected.incrementAndGet();
              }
            };
    try (TestVolume volume = TestVolume.withoutTrash(engines)) {
      TestVolume.Client one = volume.mount();
      TestVolume.Client two = volume.mount();
      for (int hour = 1; hour <= 3; hour++) {
        volume.clock.advance(Duration.ofHours(1));
        one.jobs().run("slices");
        two.jobs().run("slices");
        assertThat(collected).hasValue(hour);
      }
    }
  }
}
