package io.jfs.meta.ops;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Ino;
import io.jfs.meta.record.Records;
import io.jfs.meta.txn.Ref;

/**
 * Which directories lead to a hard-linked inode: the parent table of an inode whose attr.parent is
 * {@link Ino#NONE}. Metadata spec 6.0; rows may go down to 0 and stay.
 */
final class Links {
  private Links() {}

  /** Whether the parent table counts this inode's parents. */
  static boolean areCounted(Attr attr) {
    return attr.parent().equals(Ino.NONE);
  }

  /** A ref to the count for one directory. */
  static Ref ref(Ino ino, Ino directory) {
    return new Ref.OfField<>(Records.PARENT, ino, directory);
  }

  /** Adds {@code delta} to the count for one directory. */
  static void add(MetaTxn txn, Ino ino, Ino directory, long delta) {
    Long count = txn.records().get(Records.PARENT, ino, directory);
    set(txn, ino, directory, (count == null ? 0 : count) + delta);
  }

  /** Sets the count for one directory, unseen. */
  static void set(MetaTxn txn, Ino ino, Ino directory, long count) {
    txn.records().put(Records.PARENT, ino, directory, Math.max(count, 0));
  }

  /** Moves one count from a directory to another. */
  static void move(MetaTxn txn, Ino ino, Ino from, Ino to) {
    txn.records().prefetch(ref(ino, from), ref(ino, to));
    add(txn, ino, to, 1);
    add(txn, ino, from, -1);
  }

  /**
   * Where an inode hangs after one of its entries moved from a directory to another: its attributes
   * with ctime moved and the new parent, or the parent table changed.
   */
  static Attr moved(MetaTxn txn, Ino ino, Attr attr, Ino from, Ino to) {
    Attr.Editor moved = attr.edit().ctime(txn.now());
    if (from.equals(to)) {
      return moved.build();
    }
    if (areCounted(attr)) {
      move(txn, ino, from, to);
    } else {
      moved.parent(to);
    }
    return moved.build();
  }
}
