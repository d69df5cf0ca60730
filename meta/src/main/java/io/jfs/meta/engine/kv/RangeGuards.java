package io.jfs.meta.engine.kv;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Ranges of which a snapshot can be believed that they are empty, in a store that can lock keys but
 * not ranges: every commit that puts a key into such a range locks the range's guard, and so does
 * every commit that wants the range empty. A directory's entries are guarded by its attributes,
 * which the reference, too, writes with nearly every entry that it makes.
 */
public final class RangeGuards {
  private RangeGuards() {}

  /** The guard of the range that a key or prefix lies in; null if it has none. */
  public static byte @Nullable [] of(byte[] keyOrPrefix) {
    if (!KeyBytes.isOfInode(keyOrPrefix, 'D')) {
      return null;
    }
    byte[] guard = Arrays.copyOf(keyOrPrefix, 10);
    guard[9] = 'I';
    return guard;
  }
}
