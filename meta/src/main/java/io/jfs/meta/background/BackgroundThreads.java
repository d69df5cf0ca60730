package io.jfs.meta.background;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Background work on real threads: two for the periodic jobs, some for tasks. */
public final class BackgroundThreads implements JobRunner {
  private static final Logger LOG = LoggerFactory.getLogger(BackgroundThreads.class);
  private static final int QUEUE = 10_240;
  private static final Duration LAST_TASKS = Duration.ofSeconds(10);

  private final ScheduledThreadPoolExecutor periodic;
  private final ThreadPoolExecutor tasks;
  private final RandomGenerator random;

  /**
   * Threads that start when there is work.
   *
   * @param taskThreads how many tasks run at once; 0 drops them all
   * @param random jitter
   */
  public BackgroundThreads(int taskThreads, RandomGenerator random) {
    this.random = random;
    this.periodic = new ScheduledThreadPoolExecutor(2, factory("jfs-meta-job-"));
    periodic.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    this.tasks =
        new ThreadPoolExecutor(
            Math.max(1, taskThreads),
            Math.max(1, taskThreads),
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE),
            factory("jfs-meta-task-"));
    tasks.allowCoreThreadTimeOut(true);
    if (taskThreads == 0) {
      tasks.shutdown();
    }
  }

  private static ThreadFactory factory(String prefix) {
    AtomicInteger number = new AtomicInteger();
    return runnable -> {
      Thread thread = new Thread(runnable, prefix + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  @Override
  public void every(String name, Duration period, Runnable job) {
    try {
      // The job logs its own failures and plans its next run, so nobody looks at this future.
      Future<?> unused =
          periodic.schedule(
              () -> runAndPlan(name, period, job), jittered(period), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("{} ends, the client is closing", name);
    }
  }

  private void runAndPlan(String name, Duration period, Runnable job) {
    try {
      job.run();
    } catch (RuntimeException e) {
      LOG.warn("{}: {}", name, e.toString());
    }
    every(name, period, job);
  }

  private long jittered(Duration period) {
    return (long) (period.toNanos() * (0.95 + 0.1 * random.nextDouble()));
  }

  @Override
  public boolean soon(Runnable task) {
    try {
      tasks.execute(
          () -> {
            try {
              task.run();
            } catch (RuntimeException e) {
              LOG.warn("background task: {}", e.toString());
            }
          });
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  @Override
  public void close() {
    periodic.shutdown();
    tasks.shutdown();
    try {
      boolean ended =
          periodic.awaitTermination(LAST_TASKS.toSeconds(), TimeUnit.SECONDS)
              && tasks.awaitTermination(LAST_TASKS.toSeconds(), TimeUnit.SECONDS);
      if (!ended) {
        LOG.info("{} background tasks are left to other clients", tasks.shutdownNow().size());
        periodic.shutdownNow();
      }
    } catch (InterruptedException e) {
      tasks.shutdownNow();
      periodic.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
