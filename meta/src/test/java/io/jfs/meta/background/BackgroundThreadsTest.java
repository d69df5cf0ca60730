package io.jfs.meta.background;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BackgroundThreadsTest {
  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("jfs-meta-"))
        .collect(Collectors.toSet());
  }

  @Test
  void jobsRunAgainAlsoAfterTheyFailed() throws Exception {
    CountDownLatch runs = new CountDownLatch(3);
    BackgroundThreads background = new BackgroundThreads(1, new Random(1));
    background.every(
        "job",
        Duration.ofMillis(5),
        () -> {
          runs.countDown();
          throw new IllegalStateException("fails");
        });
    assertThat(runs.await(20, TimeUnit.SECONDS)).isTrue();
    background.close();
  }

  @Test
  void closingFinishesQueuedTasksAndLeavesNoThread() throws Exception {
    Set<Thread> before = threads();
    AtomicInteger done = new AtomicInteger();
    BackgroundThreads background = new BackgroundThreads(2, new Random(1));
    background.every("idle", Duration.ofHours(1), done::incrementAndGet);
    for (int i = 0; i < 50; i++) {
      assertThat(background.soon(done::incrementAndGet)).isTrue();
    }
    background.close();
    assertThat(done).hasValue(50);
    assertThat(background.soon(done::incrementAndGet)).isFalse();
    // A pool counts as ended a moment before its last thread is gone.
    for (Thread thread : threads()) {
      if (!before.contains(thread)) {
        thread.join(5_000);
        assertThat(thread.isAlive()).isFalse();
      }
    }
  }
}
