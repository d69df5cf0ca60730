package io.jfs.meta.engine.redis;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a counter's numbers lie.
 *
 * @param numbers one place for each number, in the counter's order
 * @param presence which of them says that the counter is there; the others count as 0 when they are
 *     missing
 */
record CounterLayout<K>(List<Spread<K>> numbers, int presence) {

  /** The places of one counter's numbers. */
  List<Place> places(K key) {
    return numbers.stream().map(spread -> spread.place(key)).toList();
  }

  /** The numbers in the answers of their places; null if the counter is absent. */
  long @Nullable [] decode(List<? extends @Nullable Object> answers, Object place) {
    if (answers.get(presence) == null) {
      return null;
    }
    long[] values = new long[answers.size()];
    for (int i = 0; i < values.length; i++) {
      byte[] stored = (byte[]) answers.get(i);
      values[i] = stored == null ? 0 : TextCodecs.DECIMAL.decode(stored, place);
    }
    return values;
  }
}
