package io.jfs.meta.ops;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;

/**
 * Asked by operations before something grows. Limits are soft: usage is counted by each client and
 * flushed later, see metadata spec 6.17.
 */
public interface QuotaGuard {
  /** No limits at all. */
  QuotaGuard NONE = (txn, uid, gid, directory, spaceBytes, inodes) -> {};

  /**
   * Requires room for an addition.
   *
   * @param uid owner that is charged; -1 for none
   * @param gid group that is charged; -1 for none
   * @param directory that gets it, charged with all above it; {@link Ino#NONE} for none (a change
   *     of owner, a file without a name)
   * @param spaceBytes growth of used space, 0 or more
   * @param inodes growth of the number of inodes, 0 or more
   * @throws FsException EDQUOT for a user, group or directory; ENOSPC for the volume
   */
  void requireRoom(MetaTxn txn, int uid, int gid, Ino directory, long spaceBytes, long inodes)
      throws FsException;

  /**
   * Requires room in the directory quotas of {@code to} for what moves there from {@code from}, and
   * answers how much that is: the inode itself, and for a directory everything below it. Volume and
   * owners do not change.
   *
   * @param attr of what moves
   * @throws FsException EDQUOT
   */
  default Amount requireRoomToMove(MetaTxn txn, Ino ino, Attr attr, Ino from, Ino to)
      throws FsException {
    return new Amount(attr.usedSpaceBytes(), 1);
  }

  /**
   * Usage as quotas count it.
   *
   * @param spaceBytes used space
   * @param inodes number of inodes
   */
  record Amount(long spaceBytes, long inodes) {}
}
