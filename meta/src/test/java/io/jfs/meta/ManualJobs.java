package io.jfs.meta;

import io.jfs.meta.background.JobRunner;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;

/** Background work that happens when a test says so, in the test's thread. */
final class ManualJobs implements JobRunner {
  private final Map<String, Runnable> periodic = new LinkedHashMap<>();
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private boolean closed;

  @Override
  public synchronized void every(String name, Duration period, Runnable job) {
    periodic.put(name, job);
  }

  @Override
  public synchronized boolean soon(Runnable task) {
    return !closed && tasks.add(task);
  }

  /** Runs a periodic job once. */
  void run(String name) {
    Runnable job;
    synchronized (this) {
      job = periodic.get(name);
    }
    if (job == null) {
      throw new IllegalArgumentException("no job " + name + " among " + periodic.keySet());
    }
    job.run();
  }

  /** Runs everything that was to be done soon. */
  void settle() {
    for (Runnable task = poll(); task != null; task = poll()) {
      task.run();
    }
  }

  private synchronized Runnable poll() {
    return tasks.poll();
  }

  synchronized boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    settle();
    synchronized (this) {
      closed = true;
    }
  }
}
