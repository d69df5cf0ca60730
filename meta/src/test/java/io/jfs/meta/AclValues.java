package io.jfs.meta;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Values of system.posix_acl_* as the kernel passes them. */
final class AclValues {
  private AclValues() {}

  /** A rule with one named user. */
  static byte[] of(int owner, int group, int mask, int other, int uid, int userPerm) {
    ByteBuffer out = ByteBuffer.allocate(4 + 5 * 8).order(ByteOrder.LITTLE_ENDIAN).putInt(2);
    put(out, 0x01, owner, -1);
    put(out, 0x02, userPerm, uid);
    put(out, 0x04, group, -1);
    put(out, 0x10, mask, -1);
    put(out, 0x20, other, -1);
    return out.array();
  }

  /** A rule that says no more than mode bits. */
  static byte[] minimal(int owner, int group, int other) {
    ByteBuffer out = ByteBuffer.allocate(4 + 3 * 8).order(ByteOrder.LITTLE_ENDIAN).putInt(2);
    put(out, 0x01, owner, -1);
    put(out, 0x04, group, -1);
    put(out, 0x20, other, -1);
    return out.array();
  }

  private static void put(ByteBuffer out, int tag, int perm, int id) {
    out.putShort((short) tag).putShort((short) perm).putInt(id);
  }
}
