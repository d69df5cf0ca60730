package io.jfs.cli.admin;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Threads that do many small jobs; whoever hands them more than they get done helps. */
final class Crew implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Crew.class);
  private static final int QUEUE = 1000;

  private final String name;
  private final ThreadPoolExecutor threads;

  /** So many threads, named {@code name}. */
  Crew(String name, int threads) {
    this.name = name;
    this.threads =
        new ThreadPoolExecutor(
            threads,
            threads,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE),
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            },
            new ThreadPoolExecutor.CallerRunsPolicy());
  }

  /** Does a job some time before {@link #finish} returns. */
  void add(Runnable job) {
    threads.execute(job);
  }

  /** Waits until all jobs are done; none may be added any more. */
  void finish() {
    threads.shutdown();
    try {
      while (!threads.awaitTermination(1, TimeUnit.MINUTES)) {
        log.debug("{}: {} jobs are still to be done", name, threads.getQueue().size());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Ends without the jobs that were not begun. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
