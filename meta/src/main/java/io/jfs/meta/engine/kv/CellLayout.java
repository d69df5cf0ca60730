package io.jfs.meta.engine.kv;

import io.jfs.meta.record.codec.Codec;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where the values of a cell lie.
 *
 * @param prefix common beginning of all its keys
 * @param toKey key bytes of a record key
 * @param fromKey the record key, or null for bytes that are another record's
 * @param codec of the value, or of its part
 * @param part which bytes of the stored value belong to the cell
 */
record CellLayout<K, V>(
    byte[] prefix,
    Function<K, byte[]> toKey,
    Function<byte[], @Nullable K> fromKey,
    Codec<V> codec,
    Part part) {

  V decode(byte[] stored, Object place) {
    return codec.decode(part.cut(stored, place), place);
  }
}
