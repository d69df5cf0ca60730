package io.jfs.meta.ops;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.QuotaKey;
import io.jfs.meta.record.Records;
import org.jspecify.annotations.Nullable;

/**
 * Removing an empty directory: rmdir(2), metadata spec 6.8.
 *
 * <p>Observes both attributes, the entry, and that the directory is empty. The last observation is
 * what a create in another client collides with, so that of the two only one commits and no entry
 * is left behind in a removed directory.
 */
public final class Rmdir {
  private Rmdir() {}

  /**
   * Removes {@code name} from {@code parent}.
   *
   * @param trash the hourly trash directory to move it to; {@link Ino#NONE} removes it for good
   * @throws FsException ENOENT, ENOTDIR, ENOTEMPTY; EACCES (permission, sticky bit); EPERM (flags,
   *     trash)
   */
  public static void rmdir(MetaTxn txn, Caller caller, Ino parent, Name name, Ino trash)
      throws FsException {
    txn.prefetchEntry(parent, name);
    Attr parentAttr = txn.directory(parent);
    requireOutsideTrash(caller, parent);
    Permissions.require(txn, caller, parentAttr, Permissions.WRITE | Permissions.EXECUTE);
    Dentry dentry = txn.dentry(parent, name);
    if (dentry == null) {
      if (txn.maybeApplied()) {
        return;
      }
      throw Errno.ENOENT.exception();
    }
    if (dentry.type() != FileType.DIRECTORY) {
      throw Errno.ENOTDIR.exception();
    }
    Permissions.requireUnprotected(parentAttr);
    if (!txn.isEmptyDirectory(dentry.ino())) {
      throw Errno.ENOTEMPTY.exception();
    }
    Attr attr = txn.attr(dentry.ino());
    if (attr != null) {
      Permissions.requireNotSticky(caller, parentAttr, attr);
    }
    apply(
        txn,
        parent,
        parentAttr,
        name,
        dentry,
        attr,
        attr == null || attr.skipsTrash() ? Ino.NONE : trash);
  }

  private static void requireOutsideTrash(Caller caller, Ino parent) throws FsException {
    if (parent.equals(Ino.TRASH_ROOT) || (parent.isTrash() && !caller.isRoot())) {
      throw Errno.EPERM.exception();
    }
  }

  private static void apply(
      MetaTxn txn,
      Ino parent,
      Attr parentAttr,
      Name name,
      Dentry dentry,
      @Nullable Attr attr,
      Ino trash) {
    Ino ino = dentry.ino();
    txn.remove(parent, name);
    if (!parent.isTrash()) {
      txn.put(parent, parentAttr.edit().nlink(parentAttr.nlink() - 1).changed(txn.now()).build());
    }
    txn.effects().dirStat(parent, 0, -Attr.DIRECTORY_LENGTH_BYTES, -1);
    txn.records().delete(Records.DIR_STAT, ino);
    dropQuota(txn, ino);
    if (!trash.equals(Ino.NONE) && attr != null) {
      Trash.bury(txn, trash, parent, name, dentry, attr);
      return;
    }
    txn.records().delete(Records.ATTR, ino);
    txn.records().clear(Records.XATTR, ino);
    txn.addUsage(-Attr.DIRECTORY_LENGTH_BYTES, -1);
    if (attr != null) {
      txn.effects().usage(parent, attr.uid(), attr.gid(), -Attr.DIRECTORY_LENGTH_BYTES, -1);
    }
  }

  private static void dropQuota(MetaTxn txn, Ino directory) {
    QuotaKey quota = new QuotaKey(QuotaKey.Kind.DIRECTORY, directory.value());
    txn.records().delete(Records.QUOTA, quota);
    txn.records().delete(Records.QUOTA_USED, quota);
  }
}
