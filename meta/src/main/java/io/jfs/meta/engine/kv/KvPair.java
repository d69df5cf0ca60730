package io.jfs.meta.engine.kv;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One key as a read saw it; also the token by which a commit recognises that nothing changed, with
 * null for a key that was absent. The arrays are to be read only.
 *
 * @param key whole key, without the volume's prefix
 * @param value its value; empty for reads of keys only
 * @param revision the store's own number of its last change; 0 in stores that compare values
 */
public record KvPair(byte[] key, byte[] value, long revision) {
  /** Whether both are absent or hold the same bytes. */
  static boolean sameValue(@Nullable KvPair seen, byte @Nullable [] now) {
    return seen == null ? now == null : now != null && Arrays.equals(seen.value, now);
  }

  /** The value; null if absent. */
  static byte @Nullable [] valueOf(@Nullable KvPair pair) {
    return pair == null ? null : pair.value;
  }
}
