package io.jfs.meta.ops;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Where deleted entries go for a while: hourly directories under {@code .trash}. Metadata spec
 * 6.16.
 */
public final class Trash {
  private Trash() {}

  /** The name of a deleted entry in the trash: {@code parent-inode-name}, cut to 255 bytes. */
  public static Name nameOf(Ino parent, Ino ino, Name name) {
    byte[] prefix = (parent + "-" + ino + "-").getBytes(StandardCharsets.US_ASCII);
    int length = Math.min(prefix.length + name.length(), Name.MAX_BYTES);
    byte[] bytes = Arrays.copyOf(prefix, length);
    System.arraycopy(name.bytes(), 0, bytes, prefix.length, length - prefix.length);
    return Name.stored(bytes);
  }

  /**
   * Moves an inode whose entry was just removed into an hourly trash directory. Links other than
   * this one are the caller's.
   */
  static void bury(MetaTxn txn, Ino trash, Ino parent, Name name, Dentry dentry, Attr attr) {
    txn.put(trash, nameOf(parent, dentry.ino(), name), dentry);
    Attr.Editor buried = attr.edit().ctime(txn.now());
    if (!attr.parent().equals(Ino.NONE)) {
      buried.parent(trash);
    }
    txn.put(dentry.ino(), buried.build());
    long lengthBytes = attr.isRegular() ? attr.lengthBytes() : 0;
    txn.effects().dirStat(trash, lengthBytes, attr.usedSpaceBytes(), 1);
  }
}
