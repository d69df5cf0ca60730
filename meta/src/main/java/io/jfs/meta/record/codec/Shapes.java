package io.jfs.meta.record.codec;

import io.jfs.meta.model.CorruptRecordException;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Checks of the shape of stored values, and the words for what is wrong. */
public final class Shapes {
  private static final int SHOWN_BYTES = 40;

  private Shapes() {}

  /** A refusal that names the record and shows how its value begins. */
  public static CorruptRecordException corrupt(Object place, byte[] stored, String expected) {
    int shown = Math.min(stored.length, SHOWN_BYTES);
    String hex = HexFormat.of().formatHex(stored, 0, shown);
    return new CorruptRecordException(
        "corrupt value of "
            + place
            + ": "
            + stored.length
            + " bytes 0x"
            + hex
            + (shown < stored.length ? "..." : "")
            + ", expected "
            + expected);
  }

  /** Requires an exact length. */
  public static ByteBuffer exactly(int length, byte[] stored, Object place) {
    if (stored.length != length) {
      throw corrupt(place, stored, length + " bytes");
    }
    return ByteBuffer.wrap(stored);
  }

  /** Requires whole records of a fixed length; returns their number. */
  public static int wholeRecords(int recordBytes, byte[] stored, Object place) {
    if (stored.length % recordBytes != 0) {
      throw corrupt(place, stored, "a multiple of " + recordBytes + " bytes");
    }
    return stored.length / recordBytes;
  }
}
