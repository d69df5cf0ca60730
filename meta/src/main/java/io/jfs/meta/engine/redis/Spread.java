package io.jfs.meta.engine.redis;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How the records of one kind spread over keys: from a record's key to its place, and back for
 * scans of the whole volume.
 */
sealed interface Spread<K> {
  /** Where the record of {@code key} lies. */
  Place place(K key);

  /**
   * A key of its own for each record.
   *
   * @param glob matches all of them; may match strangers
   * @param toKey with the volume's prefix
   * @param fromKey null for a stranger
   */
  record OwnKeys<K>(String glob, Function<K, String> toKey, Function<String, @Nullable K> fromKey)
      implements Spread<K> {
    @Override
    public Place place(K key) {
      return new Place.OwnKey(toKey.apply(key));
    }
  }

  /** A few keys that are known beforehand. */
  record Few<K>(List<K> all, Function<K, String> toKey) implements Spread<K> {
    @Override
    public Place place(K key) {
      return new Place.OwnKey(toKey.apply(key));
    }
  }

  /** Fields of one hash or of a few. */
  record HashFields<K>(Function<K, Place.HashField> toField, List<Hash<K>> hashes)
      implements Spread<K> {
    @Override
    public Place place(K key) {
      return toField.apply(key);
    }
  }

  /**
   * A hash full of records.
   *
   * @param key with the volume's prefix
   * @param fromField null for a stranger
   */
  record Hash<K>(String key, Function<String, @Nullable K> fromField) {}
}
