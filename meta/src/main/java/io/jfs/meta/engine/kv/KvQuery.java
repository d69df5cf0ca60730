package io.jfs.meta.engine.kv;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One read: of a key, or of the keys in [start, end) in order, at most {@code limit} of them.
 *
 * @param start the key, or where the range begins
 * @param end where the range ends; null for one key
 * @param limit most keys to return, 0 for all
 * @param wants what is needed of each
 */
public record KvQuery(byte[] start, byte @Nullable [] end, int limit, Wants wants) {
  /** What a read brings along. */
  public enum Wants {
    KEYS,
    KEYS_AND_VALUES
  }

  /** One key. */
  public static KvQuery key(byte[] key) {
    return new KvQuery(key, null, 1, Wants.KEYS_AND_VALUES);
  }

  /** All keys that begin with {@code prefix}, with values. */
  public static KvQuery prefix(byte[] prefix) {
    return new KvQuery(prefix, KeyBytes.after(prefix), 0, Wants.KEYS_AND_VALUES);
  }

  /** The first key that begins with {@code prefix}, if any. */
  public static KvQuery witness(byte[] prefix) {
    return new KvQuery(prefix, KeyBytes.after(prefix), 1, Wants.KEYS);
  }

  /** Whether it reads a single key. */
  public boolean isPoint() {
    return end == null;
  }

  /** Whether {@code key} is at or behind the end. */
  public boolean isPast(byte[] key) {
    return end != null && Arrays.compareUnsigned(key, end) >= 0;
  }
}
