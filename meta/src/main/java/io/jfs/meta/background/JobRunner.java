package io.jfs.meta.background;

import java.time.Duration;

/**
 * Where work happens that nobody waits for: the one owner of this module's threads. Tests put one
 * in its place that runs under virtual time.
 */
public interface JobRunner extends AutoCloseable {
  /**
   * Runs {@code job} again and again, about {@code period} apart with a jitter of 5 %, never twice
   * at once. A job that throws is logged and runs again.
   */
  void every(String name, Duration period, Runnable job);

  /**
   * Runs {@code task} soon.
   *
   * @return false if there is too much to do already; the task is dropped
   */
  boolean soon(Runnable task);

  /**
   * Ends all jobs; waits for the running ones, and for queued tasks as long as seems reasonable.
   */
  @Override
  void close();
}
