package io.jfs.fuse.proto;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Timestamp;
import io.jfs.vfs.AttrChange;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** struct fuse_attr and the messages around it. */
public final class Attributes {
  /** struct fuse_attr. */
  public static final int ATTR_BYTES = 88;

  /** struct fuse_attr_out. */
  public static final int ATTR_OUT_BYTES = 104;

  /** struct fuse_entry_out. */
  public static final int ENTRY_OUT_BYTES = 128;

  /** struct fuse_statfs_out. */
  public static final int STATFS_OUT_BYTES = 80;

  private static final int BLOCK_SIZE_BYTES = 65536;
  private static final int STAT_BLOCK_BYTES = 512;
  private static final int STATFS_BLOCK_BYTES = 4096;
  private static final int MAX_NAME_BYTES = 255;

  private Attributes() {}

  /** struct fuse_getattr_in: the handle, or -1 if the kernel names none. */
  public static long getAttrHandle(ByteBuffer in) {
    int getattrFh = 1;
    return (in.getInt(40) & getattrFh) != 0 ? in.getLong(48) : -1;
  }

  /** struct fuse_access_in: R 4, W 2, X 1. */
  public static int accessMask(ByteBuffer in) {
    return in.getInt(40);
  }

  /** Writes struct fuse_attr. */
  public static void putAttr(ByteBuffer out, int at, long ino, Attr attr) {
    out.putLong(at, ino);
    out.putLong(at + 8, attr.lengthBytes());
    out.putLong(at + 16, (attr.lengthBytes() + STAT_BLOCK_BYTES - 1) / STAT_BLOCK_BYTES);
    out.putLong(at + 24, attr.atime().seconds());
    out.putLong(at + 32, attr.mtime().seconds());
    out.putLong(at + 40, attr.ctime().seconds());
    out.putInt(at + 48, attr.atime().nanos());
    out.putInt(at + 52, attr.mtime().nanos());
    out.putInt(at + 56, attr.ctime().nanos());
    out.putInt(at + 60, attr.statMode());
    out.putInt(at + 64, attr.nlink());
    out.putInt(at + 68, attr.uid());
    out.putInt(at + 72, attr.gid());
    out.putInt(at + 76, attr.rdev());
    out.putInt(at + 80, BLOCK_SIZE_BYTES);
    out.putInt(at + 84, 0);
  }

  /** Writes struct fuse_attr_out. */
  public static void putAttrOut(ByteBuffer out, int at, long ino, Attr attr, long validMillis) {
    out.putLong(at, validMillis / 1000);
    out.putInt(at + 8, nanosOfSecond(validMillis));
    out.putInt(at + 12, 0);
    putAttr(out, at + 16, ino, attr);
  }

  /** Writes struct fuse_entry_out of an existing inode; its lookup count grows by one. */
  public static void putEntryOut(
      ByteBuffer out, int at, Ino ino, Attr attr, long entryMillis, long attrMillis) {
    out.putLong(at, ino.value());
    out.putLong(at + 8, 1);
    out.putLong(at + 16, entryMillis / 1000);
    out.putLong(at + 24, attrMillis / 1000);
    out.putInt(at + 32, nanosOfSecond(entryMillis));
    out.putInt(at + 36, nanosOfSecond(attrMillis));
    putAttr(out, at + 40, ino.value(), attr);
  }

  /** Writes struct fuse_entry_out that says: there is no such name, for so long. */
  public static void putNegativeEntry(ByteBuffer out, int at, long entryMillis) {
    putNoEntry(out, at);
    out.putLong(at + 16, entryMillis / 1000);
    out.putInt(at + 32, nanosOfSecond(entryMillis));
  }

  /** Writes zeros: in READDIRPLUS, a name whose attributes are not told. */
  public static void putNoEntry(ByteBuffer out, int at) {
    for (int zero = at; zero < at + ENTRY_OUT_BYTES; zero += Long.BYTES) {
      out.putLong(zero, 0);
    }
  }

  private static int nanosOfSecond(long millis) {
    return (int) (millis % 1000) * 1_000_000;
  }

  /** Writes struct fuse_statfs_out. */
  public static void putStatfs(
      ByteBuffer out, int at, long totalBytes, long freeBytes, long files, long freeFiles) {
    out.putLong(at, Math.max(1, totalBytes / STATFS_BLOCK_BYTES));
    out.putLong(at + 8, freeBytes / STATFS_BLOCK_BYTES);
    out.putLong(at + 16, freeBytes / STATFS_BLOCK_BYTES);
    out.putLong(at + 24, files);
    out.putLong(at + 32, freeFiles);
    out.putInt(at + 40, STATFS_BLOCK_BYTES);
    out.putInt(at + 44, MAX_NAME_BYTES);
    out.putInt(at + 48, STATFS_BLOCK_BYTES);
    for (int zero = at + 52; zero < at + STATFS_OUT_BYTES; zero += Integer.BYTES) {
      out.putInt(zero, 0);
    }
  }

  /** struct fuse_setattr_in. */
  public record SetAttrIn(long handle, AttrChange change) {
    private static final int MODE = 1;
    private static final int UID = 1 << 1;
    private static final int GID = 1 << 2;
    private static final int SIZE = 1 << 3;
    private static final int ATIME = 1 << 4;
    private static final int MTIME = 1 << 5;
    private static final int FH = 1 << 6;
    private static final int ATIME_NOW = 1 << 7;
    private static final int MTIME_NOW = 1 << 8;
    private static final int KILL_SUIDGID = 1 << 11;

    /** Reads it. {@code handle} is -1 if the kernel names none. */
    public static SetAttrIn of(ByteBuffer in) {
      int valid = in.getInt(40);
      boolean atimeNow = (valid & ATIME_NOW) != 0;
      boolean mtimeNow = (valid & MTIME_NOW) != 0;
      AttrChange change =
          new AttrChange(
              (valid & MODE) != 0 ? Integer.valueOf(in.getInt(108) & 07777) : null,
              (valid & UID) != 0 ? Integer.valueOf(in.getInt(116)) : null,
              (valid & GID) != 0 ? Integer.valueOf(in.getInt(120)) : null,
              (valid & SIZE) != 0 ? Long.valueOf(in.getLong(56)) : null,
              time(in, (valid & ATIME) != 0 && !atimeNow, 72, 96),
              time(in, (valid & MTIME) != 0 && !mtimeNow, 80, 100),
              atimeNow,
              mtimeNow,
              (valid & KILL_SUIDGID) != 0);
      return new SetAttrIn((valid & FH) != 0 ? in.getLong(48) : -1, change);
    }

    private static @Nullable Timestamp time(
        ByteBuffer in, boolean given, int secondsAt, int nanosAt) {
      return given ? new Timestamp(in.getLong(secondsAt), in.getInt(nanosAt)) : null;
    }
  }
}
