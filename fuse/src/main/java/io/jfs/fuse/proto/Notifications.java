package io.jfs.fuse.proto;

import java.nio.ByteBuffer;

/** Messages that the file system sends on its own. */
public final class Notifications {
  private static final int INVAL_INODE = 2;
  private static final int INVAL_ENTRY = 3;
  private static final int RESEND = 7;

  /** The minor version of kernels that take {@link #putResend}: Linux 6.9. */
  public static final int RESEND_MINOR = 40;

  /** Room for the longest of them. */
  public static final int MAX_BYTES = OutHeader.BYTES + 16 + 256;

  private Notifications() {}

  /**
   * Writes FUSE_NOTIFY_INVAL_INODE: attributes go, and pages of [offset, offset + length); length
   * 0: to the end; offset negative: attributes only.
   *
   * @return the message's length
   */
  public static int putInvalidateInode(ByteBuffer out, long nodeId, long offset, long length) {
    int total = OutHeader.BYTES + 24;
    OutHeader.put(out, total, INVAL_INODE, 0);
    out.putLong(16, nodeId);
    out.putLong(24, offset);
    out.putLong(32, length);
    return total;
  }

  /**
   * Writes FUSE_NOTIFY_INVAL_ENTRY: a cached name goes.
   *
   * @return the message's length
   */
  public static int putInvalidateEntry(ByteBuffer out, long parent, byte[] name) {
    int total = OutHeader.BYTES + 16 + name.length + 1;
    OutHeader.put(out, total, INVAL_ENTRY, 0);
    out.putLong(16, parent);
    out.putInt(24, name.length);
    out.putInt(28, 0);
    out.put(32, name);
    out.put(32 + name.length, (byte) 0);
    return total;
  }

  /**
   * Writes FUSE_NOTIFY_RESEND: the kernel sends again what was read and not answered.
   *
   * @return the message's length
   */
  public static int putResend(ByteBuffer out) {
    OutHeader.put(out, OutHeader.BYTES, RESEND, 0);
    return OutHeader.BYTES;
  }
}
