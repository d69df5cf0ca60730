package io.jfs.meta.engine.redis;

import io.jfs.meta.record.codec.Codec;

/**
 * Where a cell lies and how its value is written.
 *
 * @param spread where each value of the kind lies
 * @param value a value's stored form
 */
record CellLayout<K, V>(Spread<K> spread, Codec<V> value) {}
