package io.jfs.meta.ops;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
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
   *     trash); EINVAL for "."
   */
  public static void rmdir(MetaTxn txn, Caller caller, Ino parent, Name name, Ino trash)
      throws FsException {
    requireRemovableName(name);
    Trash.requireRemovable(caller, parent, name);
    txn.prefetchEntry(parent, name);
    Attr parentAttr = txn.directory(parent);
    Permissions.require(txn, caller, parentAttr, Permissions.EXECUTE);
    Dentry dentry = txn.dentry(parent, name);
    if (txn.isAlreadyGone(dentry)) {
      return;
    }
    if (dentry == null) {
      throw Errno.ENOENT.exception();
    }
    if (dentry.type() != FileType.DIRECTORY) {
      throw Errno.ENOTDIR.exception();
    }
    Attr attr = txn.attr(dentry.ino());
    requireRights(txn, caller, parentAttr, attr);
    if (!txn.isEmptyDirectory(dentry.ino())) {
      throw Errno.ENOTEMPTY.exception();
    }
    txn.actsOn(dentry.ino());
    Removal.Fate fate = Removal.ofDirectory(txn, parent, name, dentry, attr, trash);
    txn.logChange("RMDIR", dentry.ino(), parent, name, fate.trash());
    if (!parent.isTrash()) {
      txn.linkDirectory(parent, parentAttr, -1);
    }
  }

  /**
   * Removes an empty hourly trash directory: for the job that empties the trash, which alone may.
   *
   * @throws FsException ENOENT, ENOTEMPTY
   */
  public static void expire(MetaTxn txn, Name hour) throws FsException {
    txn.prefetchEntry(Ino.TRASH_ROOT, hour);
    Dentry dentry = txn.dentry(Ino.TRASH_ROOT, hour);
    if (txn.isAlreadyGone(dentry)) {
      return;
    }
    if (dentry == null) {
      throw Errno.ENOENT.exception();
    }
    if (!txn.isEmptyDirectory(dentry.ino())) {
      throw Errno.ENOTEMPTY.exception();
    }
    txn.actsOn(dentry.ino());
    Attr attr = txn.attr(dentry.ino());
    Removal.Fate fate = Removal.ofDirectory(txn, Ino.TRASH_ROOT, hour, dentry, attr, Ino.NONE);
    txn.logChange("RMDIR", dentry.ino(), Ino.TRASH_ROOT, hour, fate.trash());
  }

  private static void requireRemovableName(Name name) throws FsException {
    if (name.isDotOrDotDot()) {
      throw (name.length() == 1 ? Errno.EINVAL : Errno.ENOTEMPTY).exception();
    }
  }

  private static void requireRights(
      MetaTxn txn, Caller caller, Attr parentAttr, @Nullable Attr attr) throws FsException {
    Permissions.require(txn, caller, parentAttr, Permissions.WRITE);
    Permissions.requireUnprotected(parentAttr);
    if (attr != null) {
      Permissions.requireNotSticky(caller, parentAttr, attr);
    }
  }
}
