package io.jfs.meta.engine.kv.tikv;

import io.jfs.meta.txn.EngineException;
import io.jfs.meta.txn.Waiting;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Pauses between the tries of one call: longer each time the same cause comes back, with jitter,
 * and bounded in all. Confined to one thread.
 */
final class Backoff {
  /** Why a try has to be repeated; with the first and the longest pause. */
  enum Cause {
    REGION_MOVED(1, 500),
    NO_LEADER(5, 1000),
    BUSY(50, 2000),
    LOCKED(1, 100),
    UNREACHABLE(10, 1000),
    DRIVER(10, 1000);

    private final long firstMillis;
    private final long longestMillis;

    Cause(long firstMillis, long longestMillis) {
      this.firstMillis = firstMillis;
      this.longestMillis = longestMillis;
    }
  }

  /**
   * How time passes for a client.
   *
   * @param waiting how it sleeps
   * @param nanoClock monotonic nanoseconds
   * @param random jitter; thread safe
   * @param patience how long a call is tried
   */
  record Pace(Waiting waiting, LongSupplier nanoClock, RandomGenerator random, Duration patience) {
    Backoff start(String place) {
      return new Backoff(this, place);
    }
  }

  private final Pace pace;
  private final String place;
  private final long startNanos;
  private final Map<Cause, Integer> counts = new EnumMap<>(Cause.class);

  private Backoff(Pace pace, String place) {
    this.pace = pace;
    this.place = place;
    this.startNanos = pace.nanoClock().getAsLong();
  }

  /** The same patience again from now on. */
  Backoff anew() {
    return pace.start(place);
  }

  /**
   * Waits before the next try.
   *
   * @throws EngineException TRANSIENT if the patience is used up
   */
  void pause(Cause cause, String why) {
    pause(cause, why, 0, null);
  }

  /** As {@link #pause(Cause, String)}, at least for so long; {@code failure} is kept as cause. */
  void pause(Cause cause, String why, long leastMillis, @Nullable Throwable failure) {
    int count = counts.merge(cause, 1, Integer::sum);
    long ceiling = Math.min(cause.longestMillis, cause.firstMillis << Math.min(count - 1, 20));
    long nanos = TimeUnit.MILLISECONDS.toNanos(Math.max(leastMillis, ceiling));
    long spent = pace.nanoClock().getAsLong() - startNanos;
    if (spent > pace.patience().toNanos() || Thread.currentThread().isInterrupted()) {
      throw new EngineException(EngineException.Kind.TRANSIENT, place + ": " + why, failure);
    }
    long least = TimeUnit.MILLISECONDS.toNanos(leastMillis);
    pace.waiting().pause(Math.max(least, pace.random().nextLong(nanos / 2, nanos + 1)));
  }

  EngineException fatal(String why) {
    return new EngineException(EngineException.Kind.FATAL, place + ": " + why, null);
  }

  EngineException full(String why) {
    return new EngineException(EngineException.Kind.FULL, place + ": " + why, null);
  }
}
