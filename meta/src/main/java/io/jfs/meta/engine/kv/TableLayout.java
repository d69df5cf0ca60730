package io.jfs.meta.engine.kv;

import io.jfs.meta.record.codec.Codec;
import io.jfs.meta.txn.Row;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where the fields of a table lie. */
sealed interface TableLayout<K, F, V> {
  /** Common beginning of all keys of all such tables. */
  byte[] prefix();

  /**
   * One key for each field.
   *
   * @param prefix common beginning of all keys of all such tables
   * @param toPrefix common beginning of the keys of one table
   * @param toKey key bytes of a field
   * @param fromKey table key and field, or null for bytes that are another record's
   * @param codec of the value
   */
  record Spread<K, F, V>(
      byte[] prefix,
      Function<K, byte[]> toPrefix,
      BiFunction<K, F, byte[]> toKey,
      Function<byte[], @Nullable Row<K, F>> fromKey,
      Codec<V> codec)
      implements TableLayout<K, F, V> {}

  /**
   * The whole table in one value; an empty table has no key.
   *
   * @param prefix common beginning of all keys of all such tables
   * @param toKey key bytes of a table
   * @param fromKey the table key, or null for bytes that are another record's
   * @param codec of the whole table
   */
  record Packed<K, F, V>(
      byte[] prefix,
      Function<K, byte[]> toKey,
      Function<byte[], @Nullable K> fromKey,
      Codec<Map<F, V>> codec)
      implements TableLayout<K, F, V> {}
}
