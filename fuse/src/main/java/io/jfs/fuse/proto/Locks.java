package io.jfs.fuse.proto;

import io.jfs.vfs.FileRangeLock;
import java.nio.ByteBuffer;

/** Lock requests and their replies. */
public final class Locks {
  /** struct fuse_lk_out. */
  public static final int LK_OUT_BYTES = 24;

  private static final int F_RDLCK = 0;
  private static final int F_WRLCK = 1;
  private static final int F_UNLCK = 2;

  private Locks() {}

  /** struct fuse_lk_in: GETLK, SETLK, SETLKW. */
  public record LkIn(long handle, long owner, FileRangeLock lock, boolean flock) {
    /** Reads it; an unknown type counts as an exclusive lock. */
    public static LkIn of(ByteBuffer in) {
      FileRangeLock lock =
          new FileRangeLock(typeOf(in.getInt(72)), in.getLong(56), in.getLong(64), in.getInt(76));
      return new LkIn(in.getLong(40), in.getLong(48), lock, (in.getInt(80) & 1) != 0);
    }
  }

  private static FileRangeLock.Type typeOf(int number) {
    return switch (number) {
      case F_RDLCK -> FileRangeLock.Type.READ;
      case F_UNLCK -> FileRangeLock.Type.UNLOCK;
      default -> FileRangeLock.Type.WRITE;
    };
  }

  /** Writes struct fuse_lk_out. */
  public static void putLkOut(ByteBuffer out, int at, FileRangeLock lock) {
    out.putLong(at, lock.start());
    out.putLong(at + 8, lock.end());
    out.putInt(
        at + 16,
        switch (lock.type()) {
          case READ -> F_RDLCK;
          case WRITE -> F_WRLCK;
          case UNLOCK -> F_UNLCK;
        });
    out.putInt(at + 20, lock.pid());
  }
}
