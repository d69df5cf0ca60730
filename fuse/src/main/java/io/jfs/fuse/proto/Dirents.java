package io.jfs.fuse.proto;

import io.jfs.meta.model.FileType;
import java.nio.ByteBuffer;

/** Directory entries as READDIR and READDIRPLUS answer them, behind each other. */
public final class Dirents {
  /** struct fuse_dirent without the name. */
  public static final int HEADER_BYTES = 24;

  private Dirents() {}

  /** The space of one entry: its name is padded to 8 bytes. */
  public static int direntBytes(int nameBytes) {
    return (HEADER_BYTES + nameBytes + 7) & ~7;
  }

  /** The space of one entry with attributes in front. */
  public static int direntPlusBytes(int nameBytes) {
    return Attributes.ENTRY_OUT_BYTES + direntBytes(nameBytes);
  }

  /**
   * Writes struct fuse_dirent, name and padding.
   *
   * @param nextOffset the cookie from which to go on behind this entry
   */
  public static void put(
      ByteBuffer out, int at, long ino, long nextOffset, FileType type, byte[] name) {
    out.putLong(at, ino);
    out.putLong(at + 8, nextOffset);
    out.putInt(at + 16, name.length);
    out.putInt(at + 20, type.modeBits() >> 12);
    out.put(at + HEADER_BYTES, name);
    int end = at + direntBytes(name.length);
    for (int pad = at + HEADER_BYTES + name.length; pad < end; pad++) {
      out.put(pad, (byte) 0);
    }
  }
}
