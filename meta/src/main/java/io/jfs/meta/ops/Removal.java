package io.jfs.meta.ops;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.QuotaKey;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Records.DeletedFile;
import io.jfs.meta.record.Records.Volume;
import io.jfs.meta.txn.Ref;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of an inode whose entry is taken away: it moves to the trash, has one link less,
 * lives on until its last close, or is gone. Metadata spec 6.7 and 6.8. The directory's own
 * attributes are the caller's.
 */
final class Removal {
  private Removal() {}

  /**
   * Takes away an entry that leads to no directory.
   *
   * @param attr null if the inode has none: then only the entry goes
   * @param trash the hourly trash directory to move it to; {@link Ino#NONE} for none
   */
  static Fate ofFile(
      MetaTxn txn, Ino parent, Name name, Dentry dentry, @Nullable Attr attr, Ino trash) {
    txn.remove(parent, name);
    if (attr == null) {
      return Fate.GONE;
    }
    DirectorySums.lost(txn, parent, attr);
    DirectorySums.discharge(txn, parent, DirectorySums.weight(attr));
    if (isForTrash(txn, parent, name, dentry, attr, trash)) {
      Trash.bury(txn, trash, parent, name, dentry, attr);
      return new Fate(trash, false);
    }
    if (attr.nlink() > 1) {
      dropLink(txn, parent, dentry.ino(), attr);
      return Fate.GONE;
    }
    return dropLastLink(txn, dentry.ino(), attr);
  }

  /**
   * What became of something whose entry was taken away.
   *
   * @param trash where it is now; {@link Ino#NONE} if not in the trash
   * @param sustained whether it lives on until its last close
   */
  record Fate(Ino trash, boolean sustained) {
    /** It has one name less, or is no more. */
    static final Fate GONE = new Fate(Ino.NONE, false);
  }

  private static boolean isForTrash(
      MetaTxn txn, Ino parent, Name name, Dentry dentry, Attr attr, Ino trash) {
    if (trash.equals(Ino.NONE) || attr.skipsTrash()) {
      return false;
    }
    if (attr.nlink() <= 1) {
      return true;
    }
    Name trashName = Trash.nameOf(parent, dentry.ino(), name);
    List<Ref> refs = new ArrayList<>();
    refs.add(MetaTxn.dentryRef(trash, trashName));
    if (Links.areCounted(attr)) {
      refs.add(Links.ref(dentry.ino(), parent));
      refs.add(Links.ref(dentry.ino(), trash));
    }
    txn.records().prefetch(refs.toArray(Ref[]::new));
    return txn.dentry(trash, trashName) == null;
  }

  private static void dropLink(MetaTxn txn, Ino parent, Ino ino, Attr attr) {
    if (Links.areCounted(attr)) {
      Links.add(txn, ino, parent, -1);
    }
    txn.put(ino, attr.edit().nlink(attr.nlink() - 1).ctime(txn.now()).build());
  }

  private static Fate dropLastLink(MetaTxn txn, Ino ino, Attr attr) {
    txn.records().clear(Records.XATTR, ino);
    if (Links.areCounted(attr)) {
      txn.records().clear(Records.PARENT, ino);
    }
    if (attr.isRegular() && txn.client().sustains(ino)) {
      txn.put(ino, attr.edit().nlink(0).ctime(txn.now()).build());
      txn.records().put(Records.SUSTAINED, txn.client().sessionId(), ino, true);
      return new Fate(Ino.NONE, true);
    }
    txn.records().delete(Records.ATTR, ino);
    if (attr.isRegular()) {
      txn.records()
          .put(
              Records.DELETED_FILE,
              Volume.KEY,
              new DeletedFile(ino, attr.lengthBytes()),
              txn.now().seconds());
      txn.effects().deletedFile(ino, attr.lengthBytes());
    } else if (attr.type() == FileType.SYMLINK) {
      txn.records().delete(Records.SYMLINK, ino);
    }
    DirectorySums.destroyed(txn, attr);
    return Fate.GONE;
  }

  /**
   * Takes away an entry that leads to a directory, which the caller has observed to be empty.
   *
   * @param attr null if the inode has none: then only the entry goes
   * @param trash as for {@link #ofFile}
   */
  static Fate ofDirectory(
      MetaTxn txn, Ino parent, Name name, Dentry dentry, @Nullable Attr attr, Ino trash) {
    Ino ino = dentry.ino();
    txn.remove(parent, name);
    txn.records().delete(Records.DIR_STAT, ino);
    dropQuota(txn, ino);
    if (attr == null) {
      return Fate.GONE;
    }
    DirectorySums.lost(txn, parent, attr);
    DirectorySums.discharge(txn, parent, DirectorySums.weight(attr));
    if (!trash.equals(Ino.NONE) && !attr.skipsTrash()) {
      Trash.bury(txn, trash, parent, name, dentry, attr);
      return new Fate(trash, false);
    }
    txn.records().delete(Records.ATTR, ino);
    txn.records().clear(Records.XATTR, ino);
    DirectorySums.destroyed(txn, attr);
    return Fate.GONE;
  }

  private static void dropQuota(MetaTxn txn, Ino directory) {
    QuotaKey quota = new QuotaKey(QuotaKey.Kind.DIRECTORY, directory.value());
    txn.records().delete(Records.QUOTA, quota);
    txn.records().delete(Records.QUOTA_USED, quota);
  }
}
