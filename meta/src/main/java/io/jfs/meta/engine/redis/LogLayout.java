package io.jfs.meta.engine.redis;

import io.jfs.meta.record.codec.Codec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a log lies and how its entries are written: always a list.
 *
 * @param spread where each log of the kind lies; never in hash fields
 * @param entry an entry's stored form
 * @param everAppendedKey counts the entries that were ever appended; null if nothing does
 */
record LogLayout<K, E>(Spread<K> spread, Codec<E> entry, @Nullable String everAppendedKey) {

  /** The Redis key of a log. */
  String redisKey(K key) {
    return ((Place.OwnKey) spread.place(key)).key();
  }

  /** The entries in an answer of the whole list. */
  List<E> decode(List<?> answer, Object place) {
    List<E> entries = new ArrayList<>(answer.size());
    for (Object stored : answer) {
      entries.add(entry.decode((byte[]) stored, place));
    }
    return entries;
  }
}
