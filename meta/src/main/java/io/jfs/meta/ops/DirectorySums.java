package io.jfs.meta.ops;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Ino;

/**
 * What one entry weighs in the sums that are kept per directory: its direct children (dir stats),
 * and everything below it (quotas). Metadata spec 6.0 and 6.17; who counts what is said at {@link
 * Effects}.
 */
final class DirectorySums {
  /** "No owner is charged". */
  private static final int NOBODY = -1;

  private DirectorySums() {}

  /** An entry that leads to {@code attr} came. */
  static void gained(MetaTxn txn, Ino directory, Attr attr) {
    if (txn.policy().dirStats()) {
      txn.effects().dirStat(directory, lengthBytes(attr), attr.usedSpaceBytes(), 1);
    }
  }

  /** An entry that led to {@code attr} went. */
  static void lost(MetaTxn txn, Ino directory, Attr attr) {
    if (txn.policy().dirStats()) {
      txn.effects().dirStat(directory, -lengthBytes(attr), -attr.usedSpaceBytes(), -1);
    }
  }

  /** The quotas of a directory and all above it have {@code amount} more to count. */
  static void charge(MetaTxn txn, Ino directory, QuotaGuard.Amount amount) {
    if (!directory.isTrash()) {
      txn.effects().usage(directory, NOBODY, NOBODY, amount.spaceBytes(), amount.inodes());
    }
  }

  /** The quotas of a directory and all above it have {@code amount} less to count. */
  static void discharge(MetaTxn txn, Ino directory, QuotaGuard.Amount amount) {
    charge(txn, directory, new QuotaGuard.Amount(-amount.spaceBytes(), -amount.inodes()));
  }

  /** What one inode weighs, without what is below it. */
  static QuotaGuard.Amount weight(Attr attr) {
    return new QuotaGuard.Amount(attr.usedSpaceBytes(), 1);
  }

  /** A new inode: the volume counts it, and its owner. */
  static void created(MetaTxn txn, Attr attr) {
    txn.addUsage(attr.usedSpaceBytes(), 1);
    txn.effects().usage(Ino.NONE, attr.uid(), attr.gid(), attr.usedSpaceBytes(), 1);
  }

  /** An inode is no more: neither the volume nor its owner counts it. */
  static void destroyed(MetaTxn txn, Attr attr) {
    txn.addUsage(-attr.usedSpaceBytes(), -1);
    txn.effects().usage(Ino.NONE, attr.uid(), attr.gid(), -attr.usedSpaceBytes(), -1);
  }

  private static long lengthBytes(Attr attr) {
    return attr.isRegular() ? attr.lengthBytes() : 0;
  }
}
