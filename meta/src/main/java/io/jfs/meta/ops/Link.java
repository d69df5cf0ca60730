package io.jfs.meta.ops;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.record.Records;
import io.jfs.meta.txn.Ref;

/**
 * A further name for an inode, or the first one for a file that was made without: link(2), metadata
 * spec 6.6.
 *
 * <p>Observes both attributes and that the name is free, so that a concurrent removal of the last
 * other name, or of the directory, makes the commit fail.
 */
public final class Link {
  private Link() {}

  /**
   * Gives {@code ino} the name {@code name} in {@code parent}.
   *
   * @throws FsException EEXIST; ENOENT, ENOTDIR; EACCES; EPERM (directories, flags, trash); EDQUOT
   */
  public static Entry link(MetaTxn txn, Caller caller, Ino ino, Ino parent, Name name)
      throws FsException {
    Create.requireNewName(parent, name);
    txn.records()
        .prefetch(MetaTxn.attrRef(ino), MetaTxn.attrRef(parent), MetaTxn.dentryRef(parent, name));
    Attr attr = txn.require(ino);
    if (attr.isDirectory()) {
      throw Errno.EPERM.exception();
    }
    Attr parentAttr = Create.requireHome(txn, caller, parent);
    Permissions.requireUnprotected(attr);
    Dentry existing = txn.dentry(parent, name);
    if (txn.isAlreadyThere(existing, ino)) {
      return new Entry(ino, attr);
    }
    if (existing != null) {
      throw Errno.EEXIST.exception();
    }
    txn.client().quota().requireRoom(txn, -1, -1, parent, attr.usedSpaceBytes(), 1);
    Attr linked =
        attr.nlink() == 0 ? named(txn, ino, attr, parent) : linked(txn, ino, attr, parent);
    txn.put(ino, linked);
    txn.put(parent, name, new Dentry(attr.type(), ino));
    txn.touchDirectory(parent, parentAttr);
    DirectorySums.gained(txn, parent, attr);
    DirectorySums.charge(txn, parent, DirectorySums.weight(attr));
    txn.logChange("LINK", linked.nlink(), ino, parent, name, txn.movesTimes(parentAttr));
    return new Entry(ino, linked);
  }

  private static Attr linked(MetaTxn txn, Ino ino, Attr attr, Ino parent) {
    if (Links.areCounted(attr)) {
      Links.add(txn, ino, parent, 1);
    } else if (attr.parent().equals(parent)) {
      Links.set(txn, ino, parent, 2);
    } else {
      Links.set(txn, ino, attr.parent(), 1);
      Links.set(txn, ino, parent, 1);
    }
    return attr.edit().nlink(attr.nlink() + 1).parent(Ino.NONE).ctime(txn.now()).build();
  }

  private static Attr named(MetaTxn txn, Ino ino, Attr attr, Ino parent) throws FsException {
    long sessionId = txn.client().sessionId();
    txn.records().prefetch(new Ref.OfField<>(Records.SUSTAINED, sessionId, ino));
    if (txn.records().get(Records.SUSTAINED, sessionId, ino) == null) {
      throw Errno.ENOENT.exception();
    }
    txn.records().remove(Records.SUSTAINED, sessionId, ino);
    return attr.edit().nlink(1).parent(parent).ctime(txn.now()).build();
  }
}
