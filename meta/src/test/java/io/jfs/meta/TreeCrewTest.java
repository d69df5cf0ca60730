package io.jfs.meta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

final class TreeCrewTest {
  /** A tree of numbers: n has the children 2n and 2n + 1. */
  private static long sum(int threads, int limit) throws FsException {
    LongAdder sum = new LongAdder();
    TreeCrew.<Integer, RuntimeException>run(
        threads,
        1,
        (n, also) -> {
          sum.add(n);
          if (2 * n + 1 < limit) {
            also.accept(2 * n);
            also.accept(2 * n + 1);
          }
        });
    return sum.sum();
  }

  @Test
  void everythingIsDoneOnce() throws Exception {
    for (int threads : new int[] {1, 2, 7}) {
      assertThat(sum(threads, 1 << 12)).isEqualTo((1L << 11) * ((1 << 12) - 1));
    }
  }

  @Test
  void severalThreadsWorkAtOnce() throws Exception {
    Set<Thread> met = ConcurrentHashMap.newKeySet();
    CountDownLatch all = new CountDownLatch(3);
    TreeCrew.<Integer, RuntimeException>run(
        3,
        0,
        (n, also) -> {
          if (n == 0) {
            also.accept(1);
            also.accept(2);
          }
          met.add(Thread.currentThread());
          all.countDown();
          awaitAll(all);
        });
    assertThat(met).hasSize(3);
  }

  private static void awaitAll(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theFirstFailureEndsIt() {
    assertThatThrownBy(
            () ->
                TreeCrew.<Integer, IOException>run(
                    4,
                    1,
                    (n, also) -> {
                      if (n == 100) {
                        throw new IOException("at 100");
                      }
                      also.accept(n + 1);
                      also.accept(n + 1);
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("at 100");
    assertThatThrownBy(
            () ->
                TreeCrew.<Integer, RuntimeException>run(
                    2,
                    1,
                    (n, also) -> {
                      throw Errno.EACCES.exception();
                    }))
        .isEqualTo(Errno.EACCES.exception());
  }

  @Test
  void anInterruptedCallerStops() {
    Thread.currentThread().interrupt();
    CountDownLatch never = new CountDownLatch(1);
    assertThatThrownBy(
            () ->
                TreeCrew.<Integer, RuntimeException>run(
                    1,
                    1,
                    (n, also) -> {
                      if (never.getCount() > 0) {
                        also.accept(n + 1);
                      }
                      if (Thread.currentThread().isInterrupted()) {
                        throw Errno.EINTR.exception();
                      }
                    }))
        .isEqualTo(Errno.EINTR.exception());
    assertThat(Thread.interrupted()).isTrue();
  }
}
