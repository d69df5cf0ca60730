package io.jfs.fuse.proto;

import java.nio.ByteBuffer;

/** struct fuse_out_header: the first 16 bytes of every reply. */
public final class OutHeader {
  /** Its size. */
  public static final int BYTES = 16;

  private OutHeader() {}

  /**
   * Writes it at the start of {@code out}.
   *
   * @param length of the whole message, this header included
   * @param error 0 or a negative errno; the code of a notification
   * @param unique the request's id; 0 for a notification
   */
  public static void put(ByteBuffer out, int length, int error, long unique) {
    out.putInt(0, length);
    out.putInt(4, error);
    out.putLong(8, unique);
  }
}
