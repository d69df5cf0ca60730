package io.jfs.fuse.proto;

import java.nio.ByteBuffer;

/** Extended attribute requests and their replies. */
public final class Xattrs {
  /** struct fuse_getxattr_out. */
  public static final int SIZE_OUT_BYTES = 8;

  private static final int ACL_KILL_SGID = 1;

  private Xattrs() {}

  /** struct fuse_setxattr_in, a name and the value. */
  @SuppressWarnings("ArrayRecordComponent")
  public record SetIn(byte[] name, byte[] value, int flags, boolean killSgid) {
    /**
     * Reads it.
     *
     * @param extended whether SETXATTR_EXT was agreed on: the structure is 16 bytes, not 8
     */
    public static SetIn of(ByteBuffer in, boolean extended) {
      int nameAt = extended ? 56 : 48;
      boolean killSgid = extended && (in.getInt(48) & ACL_KILL_SGID) != 0;
      byte[] name = InHeader.string(in, nameAt);
      byte[] value = InHeader.bytes(in, nameAt + name.length + 1, in.getInt(40));
      return new SetIn(name, value, in.getInt(44), killSgid);
    }
  }

  /** struct fuse_getxattr_in: GETXATTR with a name, LISTXATTR without. */
  public static int capacityBytes(ByteBuffer in) {
    return in.getInt(40);
  }

  /** The name of a GETXATTR. */
  public static byte[] getName(ByteBuffer in) {
    return InHeader.string(in, 48);
  }

  /** Writes struct fuse_getxattr_out: how long the answer would be. */
  public static void putSize(ByteBuffer out, int at, int sizeBytes) {
    out.putInt(at, sizeBytes);
    out.putInt(at + 4, 0);
  }
}
