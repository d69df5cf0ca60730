package io.jfs.meta.ops;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Records.Volume;
import org.jspecify.annotations.Nullable;

/**
 * The steps of cloning a tree: inodes are made out of sight, filled, and attached at the end.
 * Metadata spec 6.13. What a crash leaves behind is held by the session (a file without a link) or
 * listed as detached (a directory), so that it is found and freed.
 */
public final class Clone {
  /** A bit of the modes that the reference logs. */
  private static final int PRESERVE_ATTRIBUTES = 2;

  private Clone() {}

  /** Whose attributes the copies get. */
  public enum Ownership {
    /** The caller's, now, without what the umask takes away. */
    CALLERS,
    /** Those of the source. */
    PRESERVED
  }

  /**
   * How a clone is made.
   *
   * @param ownership whose attributes the copies get
   * @param umask taken from modes unless attributes are preserved
   */
  public record Style(Ownership ownership, int umask) {}

  /**
   * Makes the inode at the top of a clone, out of sight.
   *
   * @param place where it will be attached
   * @return the source's attributes
   * @throws FsException ENOENT; EPERM (trash); EACCES; EDQUOT, ENOSPC
   */
  public static Attr beginTop(
      MetaTxn txn, Caller caller, Ino source, Ino target, Place place, Style style)
      throws FsException {
    Attr attr = readable(txn, caller, source);
    if (source.isTrash() || Files.isInTrash(attr)) {
      throw Errno.EPERM.exception();
    }
    if (txn.isAlreadyMade(target)) {
      return attr;
    }
    Attr made = make(txn, caller, source, attr, target, place.directory(), style);
    if (attr.isDirectory()) {
      txn.put(target, made);
      txn.records().put(Records.DETACHED, Volume.KEY, target, txn.now().seconds());
      log(txn, source, target, place, style, true);
    } else {
      txn.put(target, made.edit().nlink(0).build());
      txn.records().put(Records.SUSTAINED, txn.client().sessionId(), target, true);
    }
    return attr;
  }

  /**
   * Makes one inode below the top of a clone.
   *
   * @return the source's attributes; null if the source has gone meanwhile
   * @throws FsException EACCES; EDQUOT, ENOSPC
   */
  public static @Nullable Attr beginBelow(
      MetaTxn txn, Caller caller, Ino source, Ino target, Place place, Style style)
      throws FsException {
    if (txn.attr(source) == null) {
      return null;
    }
    Attr attr = readable(txn, caller, source);
    Dentry there = txn.dentry(place.directory(), place.name());
    if (txn.isAlreadyThere(there, target)) {
      return attr;
    }
    Attr parentAttr = txn.directory(place.directory());
    Attr made = make(txn, caller, source, attr, target, place.directory(), style);
    txn.put(target, made);
    enter(txn, place, parentAttr, target, made);
    log(txn, source, target, place, style, false);
    return attr;
  }

  private static void log(
      MetaTxn txn, Ino source, Ino target, Place place, Style style, boolean isTop) {
    int mode = style.ownership == Ownership.PRESERVED ? PRESERVE_ATTRIBUTES : 0;
    txn.logChange(
        "CLONE", target, source, place.directory(), place.name(), target, mode, style.umask, isTop);
  }

  private static Attr readable(MetaTxn txn, Caller caller, Ino source) throws FsException {
    Attr attr = txn.require(source);
    int mask = attr.isDirectory() ? Permissions.READ | Permissions.EXECUTE : Permissions.READ;
    if (attr.type() != FileType.SYMLINK) {
      Permissions.require(txn, caller, attr, mask);
    }
    return attr;
  }

  private static Attr make(
      MetaTxn txn, Caller caller, Ino source, Attr attr, Ino target, Ino parent, Style style)
      throws FsException {
    Attr.Editor copy =
        attr.edit()
            .parent(parent)
            .flags(0) // Until it is filled.
            .nlink(attr.isDirectory() ? 2 : 1)
            .lengthBytes(attr.isRegular() ? 0 : attr.lengthBytes());
    if (style.ownership == Ownership.CALLERS) {
      copy.uid(caller.uid()).gid(caller.gid()).mode(attr.mode() & ~style.umask);
    }
    Attr made = copy.build();
    txn.client().quota().requireRoom(txn, made.uid(), made.gid(), parent, made.usedSpaceBytes(), 1);
    txn.records()
        .rows(Records.XATTR, source)
        .forEach((name, value) -> txn.records().put(Records.XATTR, target, name, value));
    if (attr.type() == FileType.SYMLINK) {
      byte[] path = txn.records().get(Records.SYMLINK, source);
      txn.records().put(Records.SYMLINK, target, path == null ? new byte[0] : path);
    }
    if (attr.isDirectory()) {
      txn.records().set(Records.DIR_STAT, target, 0, 0, 0);
    }
    DirectorySums.created(txn, made);
    return made;
  }

  private static void enter(MetaTxn txn, Place place, Attr parentAttr, Ino target, Attr attr) {
    txn.put(place.directory(), place.name(), new Dentry(attr.type(), target));
    if (attr.isDirectory()) {
      txn.linkDirectory(place.directory(), parentAttr, 1);
    } else {
      txn.touchDirectory(place.directory(), parentAttr);
    }
    DirectorySums.gained(txn, place.directory(), attr);
    DirectorySums.charge(txn, place.directory(), DirectorySums.weight(attr));
  }

  /** Gives a copy that is filled its flags and times, and a file its full length. */
  public static void finish(MetaTxn txn, Attr source, Ino target, Style style) throws FsException {
    Attr filled = txn.require(target);
    boolean preserved = style.ownership == Ownership.PRESERVED;
    Timestamp now = txn.now();
    Attr finished =
        filled
            .edit()
            .flags(source.flags())
            .lengthBytes(Math.max(filled.lengthBytes(), source.lengthBytes()))
            .atime(preserved ? source.atime() : now)
            .mtime(preserved ? source.mtime() : now)
            .ctime(preserved ? source.ctime() : now)
            .build();
    txn.put(target, finished);
    Files.account(txn, target, filled, finished);
  }

  /**
   * Shows a finished clone under its name.
   *
   * @throws FsException EEXIST; ENOENT, ENOTDIR, EACCES, EPERM for the directory
   */
  public static void attach(
      MetaTxn txn, Caller caller, Ino source, Ino target, Place place, Style style)
      throws FsException {
    Create.requireNewName(place.directory(), place.name());
    Attr parentAttr = Create.requireHome(txn, caller, place.directory());
    Dentry there = txn.dentry(place.directory(), place.name());
    if (txn.isAlreadyThere(there, target)) {
      return;
    }
    if (there != null) {
      throw Errno.EEXIST.exception();
    }
    Attr attr = txn.require(target);
    Attr attached = attr.isDirectory() ? attr : attr.edit().nlink(1).build();
    if (attr.isDirectory()) {
      txn.records().remove(Records.DETACHED, Volume.KEY, target);
      txn.logChange("ATTACH", null, target, place.directory(), place.name());
    } else {
      txn.records().remove(Records.SUSTAINED, txn.client().sessionId(), target);
      log(txn, source, target, place, style, true);
    }
    txn.put(target, attached);
    enter(txn, place, parentAttr, target, attached);
  }

  /**
   * Frees a directory that was not attached and is empty.
   *
   * @throws FsException ENOTEMPTY
   */
  public static void discard(MetaTxn txn, Ino target) throws FsException {
    Attr attr = txn.attr(target);
    if (attr == null || txn.records().get(Records.DETACHED, Volume.KEY, target) == null) {
      return;
    }
    if (!txn.isEmptyDirectory(target)) {
      throw Errno.ENOTEMPTY.exception();
    }
    txn.records().remove(Records.DETACHED, Volume.KEY, target);
    txn.records().delete(Records.ATTR, target);
    txn.records().clear(Records.XATTR, target);
    txn.records().delete(Records.DIR_STAT, target);
    DirectorySums.destroyed(txn, attr);
    txn.logChange("CLEANUP", null, target);
  }

  /** Whether a name is free for a clone, before much work is done for it. */
  public static void requireFree(MetaTxn txn, Caller caller, Place place) throws FsException {
    Create.requireNewName(place.directory(), place.name());
    Attr unused = Create.requireHome(txn, caller, place.directory());
    if (txn.dentry(place.directory(), place.name()) != null) {
      throw Errno.EEXIST.exception();
    }
  }
}
