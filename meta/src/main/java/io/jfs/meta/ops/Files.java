package io.jfs.meta.ops;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Slice;
import io.jfs.meta.record.Records;
import java.util.Map;

/** What the operations on file content share: limits, chunk arithmetic, accounting of growth. */
final class Files {
  /** Lengths stay below this (metadata spec section 0). */
  static final long MAX_LENGTH_BYTES = 1L << 57;

  private Files() {}

  /** The chunk that holds a byte of a file. */
  static int chunkOf(long offset) {
    return (int) (offset / Slice.CHUNK_BYTES);
  }

  /** Where in its chunk a byte of a file lies. */
  static int posOf(long offset) {
    return (int) (offset % Slice.CHUNK_BYTES);
  }

  /** Where a chunk begins in its file. */
  static long startOf(int chunk) {
    return (long) chunk * Slice.CHUNK_BYTES;
  }

  /**
   * Requires a range that a file can have.
   *
   * @throws FsException EINVAL for negative numbers, EFBIG behind the largest file
   */
  static void requireRange(long offset, long lengthBytes) throws FsException {
    if (offset < 0 || lengthBytes < 0) {
      throw Errno.EINVAL.exception();
    }
    if (offset >= MAX_LENGTH_BYTES || lengthBytes >= MAX_LENGTH_BYTES - offset) {
      throw Errno.EFBIG.exception();
    }
  }

  /**
   * Attributes of a regular file.
   *
   * @throws FsException ENOENT; {@code otherwise} if it is something else
   */
  static Attr require(MetaTxn txn, Ino ino, Errno otherwise) throws FsException {
    Attr attr = txn.require(ino);
    if (attr.type() != FileType.REGULAR) {
      throw otherwise.exception();
    }
    return attr;
  }

  /** Whether an inode was deleted and lies in the trash. */
  static boolean isInTrash(Attr attr) {
    return attr.parent().isHourlyTrash();
  }

  /**
   * Accounts for a length that changed: the volume, the directories that lead to the file, its
   * owner. Directories no longer lead to a file without links.
   */
  static void account(MetaTxn txn, Ino ino, Attr before, Attr after) {
    long length = after.lengthBytes() - before.lengthBytes();
    long space = after.usedSpaceBytes() - before.usedSpaceBytes();
    if (length == 0) {
      return;
    }
    txn.addUsage(space, 0);
    txn.effects().usage(Ino.NONE, after.uid(), after.gid(), space, 0);
    if (after.nlink() == 0) {
      return;
    }
    parents(txn, ino, after)
        .forEach(
            (parent, links) -> {
              if (txn.policy().dirStats()) {
                txn.effects().dirStat(parent, length * links, space * links, 0);
              }
              DirectorySums.charge(txn, parent, new QuotaGuard.Amount(space * links, 0));
            });
  }

  /** The directories that lead to an inode, with the number of entries in each. */
  static Map<Ino, Long> parents(MetaTxn txn, Ino ino, Attr attr) {
    if (!attr.parent().equals(Ino.NONE)) {
      return Map.of(attr.parent(), 1L);
    }
    Map<Ino, Long> rows = txn.records().rows(Records.PARENT, ino);
    rows.values().removeIf(links -> links <= 0);
    return rows;
  }

  /**
   * Requires room for a length that grows.
   *
   * @throws FsException EDQUOT, ENOSPC
   */
  static void requireRoom(MetaTxn txn, Ino ino, Attr before, long lengthBytes) throws FsException {
    long space = Attr.alignedSpace(lengthBytes) - before.usedSpaceBytes();
    if (lengthBytes <= before.lengthBytes() || space <= 0) {
      return;
    }
    Map<Ino, Long> parents = before.nlink() == 0 ? Map.of() : parents(txn, ino, before);
    txn.client().quota().requireRoom(txn, before.uid(), before.gid(), Ino.NONE, space, 0);
    for (Map.Entry<Ino, Long> parent : parents.entrySet()) {
      txn.client().quota().requireRoom(txn, -1, -1, parent.getKey(), space * parent.getValue(), 0);
    }
  }
}
