package io.jfs.cli.copies;

import io.jfs.meta.background.JobRunner;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A client's background work, done when the test says so. */
final class StepJobs implements JobRunner {
  private final Map<String, Runnable> periodic = new LinkedHashMap<>();
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();

  @Override
  public void every(String name, Duration period, Runnable job) {
    periodic.put(name, job);
  }

  @Override
  public boolean soon(Runnable task) {
    return tasks.add(task);
  }

  /** Runs periodic jobs once, those whose name is given or all. */
  void run(String... names) {
    for (Map.Entry<String, Runnable> job : periodic.entrySet()) {
      if (names.length == 0 || java.util.List.of(names).contains(job.getKey())) {
        job.getValue().run();
      }
    }
  }

  /** Does what was to be done soon. */
  void settle() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  @Override
  public void close() {
    settle();
  }
}
