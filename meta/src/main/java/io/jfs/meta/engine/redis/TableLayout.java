package io.jfs.meta.engine.redis;

import io.jfs.meta.record.codec.Codec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where a table lies and how its rows are written.
 *
 * @param spread where each table of the kind lies; never in hash fields
 * @param shape the Redis type
 * @param toField a field's stored form
 * @param fromField null for a stored form that is not a field of this table: skipped
 * @param value a value's stored form
 */
record TableLayout<K, F, V>(
    Spread<K> spread,
    Shape shape,
    Function<F, byte[]> toField,
    Function<byte[], @Nullable F> fromField,
    Codec<V> value) {

  /** The Redis key of a table. */
  String redisKey(K key) {
    return ((Place.OwnKey) spread.place(key)).key();
  }

  KeyCommand read(K key, F field) {
    return shape.read(redisKey(key), toField.apply(field));
  }

  KeyCommand write(K key, F field, V content) {
    return shape.write(redisKey(key), toField.apply(field), value.encode(content));
  }

  KeyCommand remove(K key, F field) {
    return shape.remove(redisKey(key), toField.apply(field));
  }

  /** The value in the answer to {@link #read}; null if absent. */
  @Nullable V decode(@Nullable Object answer, Object place) {
    byte[] stored = shape.value(answer);
    return stored == null ? null : value.decode(stored, place);
  }

  /** The rows in an answer of the whole table or of a page, in its order. */
  Map<F, V> decodeRows(List<?> flat, Object place) {
    Map<F, V> rows = new LinkedHashMap<>();
    for (Shape.RawRow raw : shape.rows(flat)) {
      F field = fromField.apply(raw.field());
      if (field != null) {
        rows.put(field, value.decode(raw.value(), place));
      }
    }
    return rows;
  }
}
