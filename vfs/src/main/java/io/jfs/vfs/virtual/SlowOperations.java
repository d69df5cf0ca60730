package io.jfs.vfs.virtual;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The slowest operations of the last minutes. An operation that is not among them costs one
 * comparison. Thread safe.
 */
final class SlowOperations {
  private static final int KEPT = 100;
  private static final Duration WINDOW = Duration.ofMinutes(5);
  private static final long LEAST_NANOS = 1_000_000;
  private static final Comparator<EndedOperation> BY_DURATION =
      Comparator.comparingLong(EndedOperation::durationNanos);

  @GuardedBy("this")
  private final PriorityQueue<EndedOperation> kept = new PriorityQueue<>(BY_DURATION);

  private volatile long leastNanos = LEAST_NANOS;

  /** Whether an operation of this duration would be kept, as far as is known. */
  boolean isWanted(long durationNanos) {
    return durationNanos >= leastNanos;
  }

  synchronized void add(EndedOperation operation) {
    if (!isWanted(operation.durationNanos())) {
      return;
    }
    if (kept.size() >= KEPT) {
      forgetOlderThan(operation.time());
    }
    kept.add(operation);
    if (kept.size() > KEPT) {
      EndedOperation unused = kept.poll();
    }
    updateLeast();
  }

  @GuardedBy("this")
  private void forgetOlderThan(LocalDateTime now) {
    LocalDateTime oldest = now.minus(WINDOW);
    kept.removeIf(operation -> operation.time().isBefore(oldest));
  }

  @GuardedBy("this")
  private void updateLeast() {
    EndedOperation quickest = kept.size() < KEPT ? null : kept.peek();
    leastNanos = quickest == null ? LEAST_NANOS : quickest.durationNanos() + 1;
  }

  /** The slowest first. */
  synchronized List<EndedOperation> slowest(LocalDateTime now) {
    forgetOlderThan(now);
    updateLeast();
    List<EndedOperation> sorted = new ArrayList<>(kept);
    sorted.sort(BY_DURATION.reversed());
    return sorted;
  }

  /** Forgets what is too old to count; to be called now and then. */
  synchronized void age(LocalDateTime now) {
    forgetOlderThan(now);
    updateLeast();
  }
}
