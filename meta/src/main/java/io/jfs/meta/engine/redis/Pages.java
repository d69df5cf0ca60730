package io.jfs.meta.engine.redis;

import io.jfs.meta.txn.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Pages of the size that is asked for, out of steps of whatever size Redis' iterators give. What a
 * page had no room for waits in its continuation.
 */
final class Pages {
  private Pages() {}

  /**
   * What one step of an iteration brought.
   *
   * @param rows any number
   * @param next where to go on; null at the end
   */
  record Step<R, S>(List<R> rows, @Nullable S next) {}

  private record Continuation<R, S>(List<R> waiting, @Nullable S state) {}

  /** A page from {@code from} on, which is a former page's continuation or null for the start. */
  @SuppressWarnings("unchecked")
  static <R, S> Page<R> page(
      @Nullable Object from, int limit, S start, Function<S, Step<R, S>> iterate) {
    Continuation<R, S> at =
        from == null ? new Continuation<>(List.of(), start) : (Continuation<R, S>) from;
    List<R> rows = new ArrayList<>(at.waiting());
    S state = at.state();
    while (rows.size() < limit && state != null) {
      Step<R, S> step = iterate.apply(state);
      rows.addAll(step.rows());
      state = step.next();
    }
    List<R> waiting =
        rows.size() > limit ? List.copyOf(rows.subList(limit, rows.size())) : List.of();
    boolean isLast = waiting.isEmpty() && state == null;
    return new Page<>(
        List.copyOf(rows.subList(0, Math.min(limit, rows.size()))),
        isLast ? null : new Continuation<>(waiting, state));
  }
}
