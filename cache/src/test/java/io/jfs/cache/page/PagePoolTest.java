package io.jfs.cache.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PagePoolTest {
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;

  @Test
  void sizeClassesHoldWhatIsAskedAndWasteLittle() {
    for (int bytes = 1; bytes <= SizeClass.MAX_BYTES; bytes = bytes * 9 / 8 + 1) {
      int capacity = PagePool.capacityFor(bytes);
      assertThat(capacity).isGreaterThanOrEqualTo(bytes);
      if (bytes > 64 * KIB) {
        assertThat(capacity).isLessThanOrEqualTo(bytes + bytes / 4 + 1);
      }
    }
    for (int i = 0; i < SizeClass.COUNT; i++) {
      assertThat(SizeClass.of(SizeClass.bytes(i))).isEqualTo(i);
    }
    assertThat(PagePool.capacityFor(4 * KIB)).isEqualTo(4 * KIB);
    assertThat(PagePool.capacityFor(4 * MIB + 1)).isEqualTo(5 * MIB);
  }

  @Test
  void aPageGoesBackWhenItsLastOwnerCloses() {
    PagePool pool = new PagePool(new MemoryBudget(MIB));
    Page page = pool.take(100);
    PageSlice slice = page.slice(10, 20);
    page.close();
    assertThat(slice.buffer().remaining()).isEqualTo(20);
    assertThat(pool.outstanding()).isEqualTo(1);
    slice.close();
    assertThat(pool.outstanding()).isZero();
    assertThat(pool.budget().usedBytes()).isZero();
    assertThatThrownBy(slice::close).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(page::close).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aSpentPageCannotBeRetained() {
    PagePool pool = new PagePool(new MemoryBudget(MIB));
    Page page = pool.take(1);
    page.close();
    assertThatThrownBy(page::retain).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void takeWaitsForMemoryAndTryTakeDoesNot() throws Exception {
    PagePool pool = new PagePool(new MemoryBudget(MIB));
    Page all = pool.take(MIB);
    assertThat(pool.tryTake(1)).isNull();
    CompletableFuture<Page> waiting = CompletableFuture.supplyAsync(() -> pool.take(512 * KIB));
    while (!pool.budget().isShort()) {
      Thread.onSpinWait();
    }
    all.close();
    waiting.get(5, TimeUnit.SECONDS).close();
    assertThat(pool.outstanding()).isZero();
  }

  @Test
  void whenNothingIsGivenBackAnOverdraftUpToTwiceTheLimitEndsTheWait() {
    PagePool pool = new PagePool(new MemoryBudget(MIB));
    Page first = pool.take(MIB);
    Page second = pool.take(MIB);
    assertThat(pool.budget().usedBytes()).isEqualTo(2 * MIB);
    first.close();
    second.close();
  }

  @Test
  void reclaimersAreAskedBeforeAnybodyWaits() {
    MemoryBudget budget = new MemoryBudget(MIB);
    PagePool pool = new PagePool(budget);
    Page cached = pool.take(MIB);
    budget.addReclaimer(bytes -> cached.close());
    Page page = pool.take(4 * KIB);
    assertThat(budget.usedBytes()).isEqualTo(4 * KIB);
    page.close();
  }

  @Test
  void keptMemoryIsReusedAndIdleMemoryIsFreed() {
    PagePool pool = new PagePool(new MemoryBudget(8 * MIB));
    pool.take(4 * MIB).close();
    assertThat(pool.keptBytes()).isEqualTo(4 * MIB);
    pool.take(4 * MIB).close();
    assertThat(pool.keptBytes()).isEqualTo(4 * MIB);
    pool.trim(); // it was needed since the start
    assertThat(pool.keptBytes()).isEqualTo(4 * MIB);
    pool.trim();
    assertThat(pool.keptBytes()).isZero();
  }

  @Test
  void keptMemoryOfOtherSizesMakesRoom() {
    PagePool pool = new PagePool(new MemoryBudget(4 * MIB));
    pool.take(4 * MIB).close();
    Page small = pool.take(4 * KIB);
    assertThat(pool.keptBytes()).isZero();
    small.close();
  }

  @Test
  void manyThreadsStayWithinTheBudget() throws InterruptedException, ExecutionException {
    MemoryBudget budget = new MemoryBudget(2 * MIB);
    PagePool pool = new PagePool(budget);
    AtomicLong highest = new AtomicLong();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<?>> runs = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      SplittableRandom random = new SplittableRandom(t);
      runs.add(
          threads.submit(
              () -> {
                for (int i = 0; i < 2000; i++) {
                  Page page = pool.take(1 + random.nextInt(512 * KIB));
                  highest.accumulateAndGet(budget.usedBytes(), Math::max);
                  page.buffer().putInt(0, i);
                  page.close();
                }
              }));
    }
    for (Future<?> run : runs) {
      run.get();
    }
    threads.shutdown();
    assertThat(pool.outstanding()).isZero();
    assertThat(budget.usedBytes()).isZero();
    assertThat(highest.get()).isLessThanOrEqualTo(2 * MIB);
    assertThat(pool.keptBytes()).isLessThanOrEqualTo(2 * MIB);
  }

  @Test
  void whenNothingIsGivenBackOneAtATimeMayOverdraw() throws Exception {
    MemoryBudget budget = new MemoryBudget(100);
    budget.acquire(100);
    AtomicInteger through = new AtomicInteger();
    long start = System.nanoTime();
    List<Thread> waiters = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Thread waiter =
          new Thread(
              () -> {
                budget.acquire(1);
                through.incrementAndGet();
              });
      waiter.start();
      waiters.add(waiter);
    }
    while (through.get() < 8) {
      int count = through.get();
      long millis = (System.nanoTime() - start) / 1_000_000;
      assertThat((long) count).isLessThanOrEqualTo(1 + millis / MemoryBudget.STALL_MILLIS);
      Thread.onSpinWait();
    }
    for (Thread waiter : waiters) {
      waiter.join();
    }
    assertThat(budget.usedBytes()).isEqualTo(108);
  }
}
