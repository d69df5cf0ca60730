package io.jfs.cache.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.cache.page.MemoryBudget;
import io.jfs.cache.page.Page;
import io.jfs.cache.page.PagePool;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** --max-stage-write: who comes while enough are staging is sent to the object store. */
final class StagingLimitTest {
  private static final int BLOCK = 4 << 20;
  private static final int AT_ONCE = 8;

  private final PagePool pool = new PagePool(new MemoryBudget((AT_ONCE + 1L) * BLOCK));

  @TempDir Path folder;

  private List<StagingArea.Outcome> stageAtOnce(int limit) throws Exception {
    CacheConfig defaults = CacheConfig.defaults(List.of(folder));
    CacheConfig config =
        new CacheConfig(
            defaults.folders(),
            defaults.naming(),
            defaults.capacityBytes(),
            0,
            defaults.freeSpaceRatio(),
            defaults.fileMode(),
            defaults.checksums(),
            defaults.eviction(),
            Duration.ZERO,
            Duration.ZERO,
            limit);
    DiskSpace plenty = path -> new DiskSpace.Fill(1L << 40, 1L << 40, 0, 0);
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    try (BlockCache cache =
        BlockCaches.open(config, pool, plenty, Clock.systemUTC(), new CacheMetrics())) {
      StagingArea area = cache.staging();
      assertThat(area).isNotNull();
      CyclicBarrier start = new CyclicBarrier(AT_ONCE);
      List<Callable<StagingArea.Outcome>> tasks = new ArrayList<>();
      for (int n = 1; n <= AT_ONCE; n++) {
        BlockKey key = new BlockKey(n, 0, BLOCK);
        tasks.add(
            () -> {
              try (Page page = pool.take(BLOCK)) {
                int unused = start.await();
                return area.stage(key, page);
              }
            });
      }
      List<StagingArea.Outcome> outcomes = new ArrayList<>();
      for (Future<StagingArea.Outcome> task : threads.invokeAll(tasks)) {
        outcomes.add(task.get());
      }
      assertThat(area.stagedBlocks())
          .isEqualTo(outcomes.stream().filter(StagingArea.Outcome.STAGED::equals).count());
      return outcomes;
    } finally {
      threads.shutdown();
      assertThat(pool.outstanding()).isZero();
    }
  }

  @Test
  void oneAtATime() throws Exception {
    assertThat(stageAtOnce(1)).contains(StagingArea.Outcome.STAGED, StagingArea.Outcome.REFUSED);
  }

  @Test
  void asManyAsCome() throws Exception {
    assertThat(stageAtOnce(0)).containsOnly(StagingArea.Outcome.STAGED);
  }
}
