package io.jfs.meta.engine.kv;

import io.jfs.meta.record.codec.Shapes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which bytes of a stored value belong to a record: all of them, or a window of a value that two
 * records share. A shared value lives and dies as one.
 *
 * @param from first byte
 * @param length of the window
 * @param blank the shared value when only the other record was written; null when nothing is shared
 */
record Part(int from, int length, byte @Nullable [] blank) {
  /** The whole value. */
  static final Part WHOLE = new Part(0, Integer.MAX_VALUE, null);

  boolean isWhole() {
    return blank == null;
  }

  byte[] cut(byte[] stored, Object place) {
    if (blank == null) {
      return stored;
    }
    if (stored.length != blank.length) {
      throw Shapes.corrupt(place, stored, blank.length + " bytes");
    }
    return Arrays.copyOfRange(stored, from, from + length);
  }

  /** The stored value with this part replaced. */
  byte[] paste(byte @Nullable [] stored, byte[] bytes, Object place) {
    if (blank == null) {
      return bytes;
    }
    if (stored != null && stored.length != blank.length) {
      throw Shapes.corrupt(place, stored, blank.length + " bytes");
    }
    byte[] pasted = (stored == null ? blank : stored).clone();
    System.arraycopy(bytes, 0, pasted, from, length);
    return pasted;
  }
}
