package io.jfs.chunk.object;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
  private final AtomicLong now = new AtomicLong(1);
  private final RateLimiter limiter = new RateLimiter(now::get);

  @Test
  void withoutALimitNobodyWaits() {
    assertThat(limiter.reserve(1L << 40)).isZero();
  }

  @Test
  void aLongTransferIsHeldToTheLimit() {
    limiter.setLimit(80);
    assertThat(megabitsPerSecond(60_000_000_000L)).isBetween(72.0, 88.0);
  }

  @Test
  void idleTimeSavesNoMoreThanATenthOfASecond() {
    limiter.setLimit(8); // a megabyte per second
    now.addAndGet(3_600_000_000_000L);
    assertThat(limiter.reserve(95_000)).isZero();
    assertThat(limiter.reserve(950_000)).isBetween(900_000_000L, 1_100_000_000L);
  }

  @Test
  void aChangedLimitTakesEffectAtOnce() {
    limiter.setLimit(8);
    assertThat(limiter.reserve(100_000_000)).isPositive();
    limiter.setLimit(0);
    assertThat(limiter.reserve(100_000_000)).isZero();
  }

  @Test
  void aChangedLimitHoldsForTheRestOfALongTransfer() {
    limiter.setLimit(800);
    assertThat(megabitsPerSecond(20_000_000_000L)).isBetween(720.0, 880.0);
    limiter.setLimit(80);
    assertThat(megabitsPerSecond(60_000_000_000L)).isBetween(72.0, 88.0);
  }

  @Test
  void whoWaitsUnderAnOldLimitGoesOnWhenItChanges() throws Exception {
    limiter.setLimit(1);
    Thread waiting = new Thread(() -> limiter.acquire(1L << 40));
    waiting.setDaemon(true);
    waiting.start();
    while (waiting.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    limiter.setLimit(0);
    waiting.join(60_000);
    assertThat(waiting.isAlive()).isFalse();
  }

  /** Sends blocks for so long of the test's time. */
  private double megabitsPerSecond(long nanos) {
    long start = now.get();
    long sent = 0;
    while (now.get() - start < nanos) {
      now.addAndGet(limiter.reserve(4 << 20));
      sent += 4 << 20;
    }
    return sent * 8 / 1e6 / ((now.get() - start) / 1e9);
  }
}
