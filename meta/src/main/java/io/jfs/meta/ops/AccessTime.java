package io.jfs.meta.ops;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Ino;

/** Moving an inode's access time, and nothing else: metadata spec 6.18. */
public final class AccessTime {
  private AccessTime() {}

  /** Moves it to now if {@code mode} wants that and the inode is still there. */
  public static void touch(MetaTxn txn, Ino ino, AtimeMode mode) {
    Attr attr = txn.attr(ino);
    if (attr != null && !attr.isImmutable() && mode.wants(attr, txn.now())) {
      txn.put(ino, attr.edit().atime(txn.now()).build());
      txn.logChange("ACCESS", null, ino);
    }
  }
}
