package io.jfs.meta.ops;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.DirEntry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.txn.Ref;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Removing a name of anything but a directory: unlink(2), metadata spec 6.7.
 *
 * <p>Observes the directory's attributes, the entry and the inode's attributes; for hard links also
 * their counts per directory.
 */
public final class Unlink {
  private Unlink() {}

  /**
   * Removes {@code name} from {@code parent}.
   *
   * @param trash the hourly trash directory to move it to; {@link Ino#NONE} removes it for good
   * @return the inode that lost the name
   * @throws FsException ENOENT, ENOTDIR; EACCES (permission, sticky bit); EPERM (a directory,
   *     flags, trash)
   */
  public static Ino unlink(MetaTxn txn, Caller caller, Ino parent, Name name, Ino trash)
      throws FsException {
    Trash.requireRemovable(caller, parent, name);
    txn.prefetchEntry(parent, name);
    Attr parentAttr = txn.directory(parent);
    Permissions.require(txn, caller, parentAttr, Permissions.EXECUTE);
    Dentry dentry = txn.dentry(parent, name);
    if (txn.isAlreadyGone(dentry)) {
      return Ino.NONE;
    }
    if (dentry == null) {
      throw Errno.ENOENT.exception();
    }
    if (dentry.type() == FileType.DIRECTORY) {
      throw Errno.EPERM.exception();
    }
    requireDirectoryRights(txn, caller, parentAttr);
    Attr attr = txn.attr(dentry.ino());
    requireInodeRights(caller, parentAttr, attr);
    txn.actsOn(dentry.ino());
    Removal.Fate fate = Removal.ofFile(txn, parent, name, dentry, attr, trash);
    touchParent(txn, parent, parentAttr);
    txn.logChange(
        "UNLINK",
        dentry.ino(),
        parent,
        name,
        fate.trash(),
        fate.sustained(),
        timesMove(txn, parent, parentAttr));
    return dentry.ino();
  }

  /**
   * Removes several entries of one directory, none of them a directory. Entries that no longer lead
   * where they did are skipped.
   *
   * @param trash as for {@link #unlink}
   * @return how many were removed
   * @throws FsException as {@link #unlink}; then none is removed
   */
  public static int unlinkAll(
      MetaTxn txn, Caller caller, Ino parent, List<DirEntry> entries, Ino trash)
      throws FsException {
    List<Ref> refs = new ArrayList<>(entries.size() + 1);
    refs.add(MetaTxn.attrRef(parent));
    for (DirEntry entry : entries) {
      Trash.requireRemovable(caller, parent, entry.name());
      refs.add(new Ref.OfAttrBehind(parent, entry.name()));
    }
    txn.records().prefetch(refs.toArray(Ref[]::new));
    Attr parentAttr = txn.directory(parent);
    Permissions.require(txn, caller, parentAttr, Permissions.EXECUTE);
    requireDirectoryRights(txn, caller, parentAttr);
    List<Name> names = new ArrayList<>();
    List<Ino> removed = new ArrayList<>();
    for (DirEntry entry : entries) {
      Dentry dentry = txn.dentry(parent, entry.name());
      if (dentry != null && dentry.equals(entry.dentry()) && dentry.type() != FileType.DIRECTORY) {
        Attr attr = txn.attr(dentry.ino());
        requireInodeRights(caller, parentAttr, attr);
        Removal.Fate unused = Removal.ofFile(txn, parent, entry.name(), dentry, attr, trash);
        names.add(entry.name());
        removed.add(dentry.ino());
      }
    }
    if (!removed.isEmpty()) {
      txn.actsOn(parent);
      touchParent(txn, parent, parentAttr);
      boolean timesMove = timesMove(txn, parent, parentAttr);
      txn.logChange("UNLINKBATCH", removed, parent, names, trash, timesMove);
    } else if (txn.isAlreadyGone(null)) {
      return entries.size();
    }
    return removed.size();
  }

  private static void requireDirectoryRights(MetaTxn txn, Caller caller, Attr parentAttr)
      throws FsException {
    Permissions.require(txn, caller, parentAttr, Permissions.WRITE);
    Permissions.requireUnprotected(parentAttr);
  }

  private static void requireInodeRights(Caller caller, Attr parentAttr, @Nullable Attr attr)
      throws FsException {
    if (attr != null) {
      Permissions.requireNotSticky(caller, parentAttr, attr);
      Permissions.requireUnprotected(attr);
    }
  }

  private static boolean timesMove(MetaTxn txn, Ino parent, Attr parentAttr) {
    return !parent.isTrash() && txn.movesTimes(parentAttr);
  }

  private static void touchParent(MetaTxn txn, Ino parent, Attr parentAttr) {
    if (!parent.isTrash()) {
      txn.touchDirectory(parent, parentAttr);
    }
  }
}
