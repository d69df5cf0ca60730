package io.jfs.cache.block;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** The checksum trailer of a cached file: one CRC-32C per 32 KiB of data. */
final class SegmentChecksums {
  static final int SEGMENT_BYTES = 32 << 10;

  private SegmentChecksums() {}

  /** Length of the trailer for so much data. */
  static int trailerBytes(int dataBytes) {
    return (dataBytes + SEGMENT_BYTES - 1) / SEGMENT_BYTES * Integer.BYTES;
  }

  /** The trailer of {@code data}, which is left as it was. */
  static ByteBuffer trailer(ByteBuffer data) {
    ByteBuffer trailer = ByteBuffer.allocate(trailerBytes(data.remaining()));
    int end = data.limit();
    for (int at = data.position(); at < end; at += SEGMENT_BYTES) {
      trailer.putInt(crc(data.slice(at, Math.min(SEGMENT_BYTES, end - at))));
    }
    return trailer.flip();
  }

  /**
   * Whether {@code data} agrees with {@code trailer}.
   *
   * @param data whole segments (the last may be the short one of the block), from segment {@code
   *     first} on
   */
  static boolean verify(ByteBuffer data, ByteBuffer trailer, int first) {
    int segment = first;
    int end = data.limit();
    for (int at = data.position(); at < end; at += SEGMENT_BYTES) {
      int crc = crc(data.slice(at, Math.min(SEGMENT_BYTES, end - at)));
      if (crc != trailer.getInt(segment * Integer.BYTES)) {
        return false;
      }
      segment++;
    }
    return true;
  }

  static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
