package io.jfs.meta;

import io.jfs.meta.background.BackgroundThreads;
import io.jfs.meta.background.JobRunner;
import io.jfs.meta.txn.Waiting;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The outside world of a client: time, chance and threads. Real by default; tests put their own in
 * place.
 *
 * @param clock wall clock
 * @param nanoClock monotonic nanoseconds
 * @param waiting how to sleep
 * @param random jitter
 * @param jobs where background work runs; the client that is opened with it closes it
 */
public record MetaRuntime(
    InstantSource clock,
    LongSupplier nanoClock,
    Waiting waiting,
    RandomGenerator random,
    JobRunner jobs) {
  /** The real world, with threads for a client's background work. */
  public static MetaRuntime system(MetaConfig config) {
    RandomGenerator random = new SynchronizedRandom(new SplittableRandom());
    return new MetaRuntime(
        InstantSource.system(),
        System::nanoTime,
        Waiting.SYSTEM,
        random,
        new BackgroundThreads(Math.max(1, config.maxDeletes()), random));
  }

  private record SynchronizedRandom(SplittableRandom source) implements RandomGenerator {
    @Override
    public long nextLong() {
      synchronized (source) {
        return source.nextLong();
      }
    }
  }
}
