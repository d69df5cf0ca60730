package io.jfs.meta.engine.kv;

import io.jfs.meta.record.codec.Codec;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where the entries of a log lie: one after the other in one value.
 *
 * @param prefix common beginning of all its keys
 * @param toKey key bytes of a record key
 * @param fromKey the record key, or null for bytes that are another record's
 * @param codec of all entries
 * @param entryBytes length of each
 */
record LogLayout<K, E>(
    byte[] prefix,
    Function<K, byte[]> toKey,
    Function<byte[], @Nullable K> fromKey,
    Codec<List<E>> codec,
    int entryBytes) {}
