package io.jfs.cli.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Runs one operation on many workers at once, so many times or for so long, and measures each run
 * of it. The first failure ends the load.
 */
public final class Load {
  private final int workers;
  private final LongSupplier nanoTime;

  /**
   * A load of so many workers; {@code nanoTime} is a monotonic clock in nanoseconds.
   *
   * @param workers operations under way at once
   */
  public Load(int workers, LongSupplier nanoTime) {
    this.workers = workers;
    this.nanoTime = nanoTime;
  }

  /** What is measured. */
  @FunctionalInterface
  public interface Operation {
    /**
     * Does it once.
     *
     * @param worker which of the workers does it, from 0
     * @param number of this operation, from 0, each once
     * @return bytes that were moved
     */
    long run(int worker, long number) throws Exception;
  }

  /**
   * What a load did.
   *
   * @param operations that ended
   * @param bytes moved
   * @param elapsedNanos from the start of the first to the end of the last
   * @param latencies of each
   */
  public record Result(long operations, long bytes, long elapsedNanos, Latencies latencies) {
    /** Operations in a second. */
    public double perSecond() {
      return elapsedNanos <= 0 ? 0 : operations * 1e9 / elapsedNanos;
    }

    /** MiB in a second. */
    public double mibPerSecond() {
      return elapsedNanos <= 0 ? 0 : bytes / 1048576.0 * 1e9 / elapsedNanos;
    }

    /** The time that one operation took one worker, on average. */
    public double averageNanos() {
      return latencies.averageNanos();
    }
  }

  /** Runs an operation so many times. */
  public Result times(long count, Operation operation) throws Exception {
    return run(operation, number -> number < count);
  }

  /** Runs an operation again and again until the time is over. */
  public Result during(Duration time, Operation operation) throws Exception {
    long end = nanoTime.getAsLong() + time.toNanos();
    return run(operation, number -> nanoTime.getAsLong() < end);
  }

  @FunctionalInterface
  private interface Limit {
    boolean allows(long number);
  }

  private Result run(Operation operation, Limit limit) throws Exception {
    AtomicLong next = new AtomicLong();
    AtomicLong done = new AtomicLong();
    AtomicLong bytes = new AtomicLong();
    AtomicBoolean failed = new AtomicBoolean();
    Latencies latencies = new Latencies();
    ExecutorService pool = Executors.newFixedThreadPool(workers);
    long start = nanoTime.getAsLong();
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < workers; i++) {
        int worker = i;
        running.add(
            pool.submit(
                () -> {
                  for (long number = next.getAndIncrement();
                      limit.allows(number) && !failed.get();
                      number = next.getAndIncrement()) {
                    long began = nanoTime.getAsLong();
                    try {
                      bytes.addAndGet(operation.run(worker, number));
                    } catch (Exception | Error e) {
                      failed.set(true);
                      throw e;
                    }
                    latencies.add(nanoTime.getAsLong() - began);
                    done.incrementAndGet();
                  }
                  return null;
                }));
      }
      for (Future<?> future : running) {
        Object unused = future.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } finally {
      failed.set(true); // Interrupted: nobody begins another one.
      pool.shutdownNow();
    }
    return new Result(done.get(), bytes.get(), nanoTime.getAsLong() - start, latencies);
  }
}
