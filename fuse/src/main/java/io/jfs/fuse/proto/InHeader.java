package io.jfs.fuse.proto;

import java.nio.ByteBuffer;

/** struct fuse_in_header: the first 40 bytes of every request. */
public final class InHeader {
  /** Its size; the operation's own structure follows. */
  public static final int BYTES = 40;

  private InHeader() {}

  /** Length of the whole request. */
  public static int length(ByteBuffer in) {
    return in.getInt(0);
  }

  /** The operation's number, see {@link Opcode}. */
  public static int opcode(ByteBuffer in) {
    return in.getInt(4);
  }

  /**
   * The request's id, to be repeated in the reply; even. Negative (FUSE_UNIQUE_RESEND) if the
   * kernel sends it once more.
   */
  public static long unique(ByteBuffer in) {
    return in.getLong(8);
  }

  /** The inode that is operated on; of a directory if a name follows. */
  public static long nodeId(ByteBuffer in) {
    return in.getLong(16);
  }

  public static int uid(ByteBuffer in) {
    return in.getInt(24);
  }

  public static int gid(ByteBuffer in) {
    return in.getInt(28);
  }

  /** Thread id of the caller as this process sees it; 0 if it does not or if the kernel asks. */
  public static int pid(ByteBuffer in) {
    return in.getInt(32);
  }

  /** The bytes from {@code at} to the next NUL: names and symlink targets. */
  public static byte[] string(ByteBuffer in, int at) {
    int end = at;
    while (in.get(end) != 0) {
      end++;
    }
    return bytes(in, at, end - at);
  }

  /** The string behind the one at {@code at}. */
  public static byte[] secondString(ByteBuffer in, int at) {
    int end = at;
    while (in.get(end) != 0) {
      end++;
    }
    return string(in, end + 1);
  }

  /** A copy of {@code length} bytes. */
  public static byte[] bytes(ByteBuffer in, int at, int length) {
    byte[] copy = new byte[length];
    in.get(at, copy);
    return copy;
  }
}
