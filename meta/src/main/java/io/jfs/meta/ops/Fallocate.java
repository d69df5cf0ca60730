package io.jfs.meta.ops;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FallocateMode;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Slice;
import io.jfs.meta.record.Records;
import java.util.List;

/**
 * Making room, zeroing and punching: fallocate(2), metadata spec 6.4. Room is never reserved; only
 * the length and the visible bytes change.
 */
public final class Fallocate {
  /** What becomes of setuid and setgid. */
  public enum Privileges {
    KEEP,
    /** Dropped as by a write of somebody who does not own the file. */
    DROP
  }

  private Fallocate() {}

  /**
   * Does what {@code mode} says to [{@code offset}, {@code offset + lengthBytes}).
   *
   * @return the attributes afterwards
   * @throws FsException EINVAL for an empty or negative range; ENOENT; EPIPE for a FIFO, EPERM for
   *     what is not a file, or protected; EACCES; EFBIG; EDQUOT, ENOSPC
   */
  public static Attr fallocate(
      MetaTxn txn,
      Caller caller,
      Ino ino,
      FallocateMode mode,
      long offset,
      long lengthBytes,
      Privileges privileges)
      throws FsException {
    if (lengthBytes == 0) {
      throw Errno.EINVAL.exception();
    }
    Files.requireRange(offset, lengthBytes);
    Attr attr = txn.require(ino);
    if (attr.type() == FileType.FIFO) {
      throw Errno.EPIPE.exception();
    }
    if (!attr.isRegular() || attr.isImmutable() || (attr.isAppendOnly() && zeroes(mode))) {
      throw Errno.EPERM.exception();
    }
    Permissions.require(txn, caller, attr, Permissions.WRITE);
    long end =
        keepsLength(mode) ? attr.lengthBytes() : Math.max(attr.lengthBytes(), offset + lengthBytes);
    Files.requireRoom(txn, ino, attr, end);
    if (zeroes(mode)) {
      zero(txn, ino, offset, Math.min(offset + lengthBytes, attr.lengthBytes()));
    }
    Attr changed =
        attr.edit()
            .lengthBytes(end)
            .mode(privileges == Privileges.DROP ? withoutPrivileges(attr.mode()) : attr.mode())
            .changed(txn.now())
            .build();
    txn.put(ino, changed);
    Files.account(txn, ino, attr, changed);
    txn.logChange("FALLOCATE", null, ino, offset, lengthBytes, mode.bits());
    return changed;
  }

  private static boolean zeroes(FallocateMode mode) {
    return switch (mode) {
      case ZERO_RANGE, ZERO_RANGE_KEEP_SIZE, PUNCH_HOLE -> true;
      case ALLOCATE, ALLOCATE_KEEP_SIZE -> false;
    };
  }

  private static boolean keepsLength(FallocateMode mode) {
    return switch (mode) {
      case ALLOCATE_KEEP_SIZE, ZERO_RANGE_KEEP_SIZE, PUNCH_HOLE -> true;
      case ALLOCATE, ZERO_RANGE -> false;
    };
  }

  /** A setgid bit without group execute marks mandatory locking and stays. */
  private static int withoutPrivileges(int mode) {
    int dropped = (mode & 0010) != 0 ? Attr.SETUID | Attr.SETGID : Attr.SETUID;
    return mode & ~dropped;
  }

  private static void zero(MetaTxn txn, Ino ino, long from, long to) {
    for (long at = from; at < to; ) {
      int pos = Files.posOf(at);
      int len = (int) Math.min(to - at, Slice.CHUNK_BYTES - pos);
      txn.records()
          .append(
              Records.CHUNK, new ChunkKey(ino, Files.chunkOf(at)), List.of(Slice.hole(pos, len)));
      at += len;
    }
  }
}
