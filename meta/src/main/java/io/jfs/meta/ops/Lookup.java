package io.jfs.meta.ops;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.record.Records;
import io.jfs.meta.txn.Ref;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** From names to inodes, and what an inode shows: metadata spec 6.1. */
public final class Lookup {
  private Lookup() {}

  /**
   * The entry under a name; null if there is none. "." and ".." are the directory and its parent;
   * {@code .trash} is found in the volume's root. An entry without an inode (a corrupt one) shows
   * its type and no permissions.
   *
   * @throws FsException ENOENT or ENOTDIR for the parent, EACCES
   */
  public static @Nullable Entry lookup(MetaTxn txn, Caller caller, Ino parent, Name name)
      throws FsException {
    boolean stored = !name.isDotOrDotDot() && !Trash.isEntry(parent, name);
    if (stored) {
      txn.prefetchEntry(parent, name);
    }
    Attr parentAttr = attr(txn, parent);
    if (!parentAttr.isDirectory()) {
      throw Errno.ENOTDIR.exception();
    }
    Permissions.require(txn, caller, parentAttr, Permissions.EXECUTE);
    return stored ? stored(txn, parent, name) : virtual(txn, parent, parentAttr, name);
  }

  private static @Nullable Entry stored(MetaTxn txn, Ino parent, Name name) {
    Dentry dentry = txn.dentry(parent, name);
    if (dentry == null) {
      return null;
    }
    Attr attr = txn.attr(dentry.ino());
    return new Entry(dentry.ino(), attr == null ? corrupt(dentry.type(), parent) : attr);
  }

  private static Entry virtual(MetaTxn txn, Ino parent, Attr parentAttr, Name name)
      throws FsException {
    if (!name.isDotOrDotDot()) {
      return new Entry(Ino.TRASH_ROOT, attr(txn, Ino.TRASH_ROOT));
    }
    if (name.length() == 1 || parent.equals(Ino.ROOT)) {
      return new Entry(parent, parentAttr);
    }
    return new Entry(parentAttr.parent(), attr(txn, parentAttr.parent()));
  }

  /** Whether {@link #lookup} answered an entry whose inode has no attributes. */
  public static boolean isCorrupt(Entry entry) {
    return entry.attr().nlink() == 0 && entry.attr().ctime().equals(Timestamp.EPOCH);
  }

  private static Attr corrupt(FileType type, Ino parent) {
    Timestamp t = Timestamp.EPOCH;
    return new Attr(type, 0, 0, 0, 0, t, t, t, 0, 0, 0, parent, 0, 0, 0);
  }

  /**
   * Attributes of an inode; the trash root has some even when none are stored.
   *
   * @throws FsException ENOENT
   */
  public static Attr attr(MetaTxn txn, Ino ino) throws FsException {
    Attr attr = txn.attr(ino);
    if (attr == null && ino.equals(Ino.TRASH_ROOT)) {
      return Trash.ROOT_ATTR;
    }
    if (attr == null) {
      throw Errno.ENOENT.exception();
    }
    return attr;
  }

  /**
   * readlink(2): raw bytes.
   *
   * @throws FsException ENOENT; EINVAL if it is no symlink
   */
  public static byte[] readlink(MetaTxn txn, Ino ino) throws FsException {
    txn.records().prefetch(MetaTxn.attrRef(ino), new Ref.OfCell<>(Records.SYMLINK, ino));
    Attr attr = txn.require(ino);
    if (attr.type() != FileType.SYMLINK) {
      throw Errno.EINVAL.exception();
    }
    byte[] target = txn.records().get(Records.SYMLINK, ino);
    if (target == null) {
      throw Errno.EIO.exception();
    }
    return target;
  }

  /** The directories that hold an inode with a parent table, in any order. */
  public static List<Ino> parents(MetaTxn txn, Ino ino) {
    return txn.records().rows(Records.PARENT, ino).entrySet().stream()
        .filter(row -> row.getValue() > 0)
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * access(2).
   *
   * @param mask R 4, W 2, X 1
   * @throws FsException ENOENT, EACCES; EPERM to write to an immutable inode
   */
  public static void access(MetaTxn txn, Caller caller, Ino ino, int mask) throws FsException {
    Attr attr = attr(txn, ino);
    if ((mask & Permissions.WRITE) != 0) {
      Permissions.requireMutable(attr);
    }
    if (!Permissions.isGranted(txn, caller, attr, mask)) {
      throw Errno.EACCES.exception();
    }
  }
}
