package io.jfs.meta.ops;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.AttrUpdate;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import org.jspecify.annotations.Nullable;

/**
 * Changing attributes without touching content: chmod(2), chown(2), utimensat(2), chattr(1).
 * Metadata spec 6.2.
 *
 * <p>Where the reference is laxer than Linux, this is Linux: immutable and append-only inodes keep
 * their attributes, explicit times are the owner's to set, and every call that is granted moves
 * ctime.
 */
public final class SetAttr {
  private static final int SET_ID_BITS = Attr.SETUID | Attr.SETGID;
  private static final int GROUP_EXECUTE = 0010;
  private static final int ROOT_FLAGS = Attr.FLAG_IMMUTABLE | Attr.FLAG_APPEND;

  private final MetaTxn txn;
  private final Caller caller;
  private final Attr before;
  private final AttrUpdate update;

  private SetAttr(MetaTxn txn, Caller caller, Attr before, AttrUpdate update) {
    this.txn = txn;
    this.caller = caller;
    this.before = before;
    this.update = update;
  }

  /**
   * Changes what {@code update} names.
   *
   * @return the attributes afterwards
   * @throws FsException ENOENT; EPERM (not the owner, flags, trash); EACCES (times := now without
   *     write permission); EDQUOT
   */
  public static Attr setAttr(MetaTxn txn, Caller caller, Ino ino, AttrUpdate update)
      throws FsException {
    Attr before = Lookup.attr(txn, ino);
    if (update.equals(AttrUpdate.NONE)) {
      return before;
    }
    if (ino.isTrash() || before.parent().isHourlyTrash()) {
      throw Errno.EPERM.exception();
    }
    SetAttr change = new SetAttr(txn, caller, before, update);
    change.requireChangeable();
    Attr after = change.apply();
    if (after.equals(before) && !change.isExplicit()) {
      return before;
    }
    Attr stamped = after.edit().ctime(txn.now()).build();
    change.moveUsage(stamped);
    txn.put(ino, stamped);
    change.log(ino, stamped);
    return stamped;
  }

  private void log(Ino ino, Attr after) {
    txn.logChange(
        "SETATTR",
        null,
        ino,
        mask(),
        0, // which of setuid and setgid went with a write: the mode below tells that
        Integer.toUnsignedLong(after.uid()),
        Integer.toUnsignedLong(after.gid()),
        after.mode(),
        after.flags(),
        after.atime().seconds(),
        after.mtime().seconds(),
        after.atime().nanos(),
        after.mtime().nanos(),
        after.ctime().seconds(),
        after.ctime().nanos(),
        after.accessAcl());
  }

  /** The members that were asked for, in the reference's bits: metadata spec section 0. */
  private int mask() {
    return (update.mode() != null ? 0x1 : 0)
        | (update.uid() != null ? 0x2 : 0)
        | (update.gid() != null ? 0x4 : 0)
        | (update.atime() != null || update.atimeNow() ? 0x10 : 0)
        | (update.mtime() != null || update.mtimeNow() ? 0x20 : 0)
        | (update.atimeNow() ? 0x80 : 0)
        | (update.mtimeNow() ? 0x100 : 0)
        | (update.flags() != null ? 0x8000 : 0);
  }

  /** Whether the caller asked for a change, rather than the kernel for what goes with a write. */
  private boolean isExplicit() {
    return isModeOrOwner() || isTimes() || update.flags() != null;
  }

  private boolean isModeOrOwner() {
    return update.mode() != null || update.uid() != null || update.gid() != null;
  }

  private boolean isTimes() {
    return isExplicitTimes() || update.atimeNow() || update.mtimeNow();
  }

  private boolean isExplicitTimes() {
    return update.atime() != null || update.mtime() != null;
  }

  /** Flags themselves can always be changed; "now" is what an append does to times anyway. */
  private void requireChangeable() throws FsException {
    if (isModeOrOwner() || isExplicitTimes()) {
      Permissions.requireUnprotected(before);
    } else if (update.flags() == null) {
      Permissions.requireMutable(before);
    }
  }

  private Attr apply() throws FsException {
    Attr attr = withOwner(before);
    attr = withMode(attr);
    attr = withTimes(attr);
    attr = withFlags(attr);
    return update.killSuidgid() && !attr.isDirectory() ? withoutSetIds(attr) : attr;
  }

  // ---- chown ----

  private Attr withOwner(Attr attr) throws FsException {
    Integer uid = update.uid();
    Integer gid = update.gid();
    if (uid == null && gid == null) {
      return attr;
    }
    requireOwner();
    if (gid != null && gid != attr.gid() && !caller.isRoot() && !caller.inGroup(gid)) {
      throw Errno.EPERM.exception();
    }
    if (uid != null && uid != attr.uid() && !caller.isRoot()) {
      throw Errno.EPERM.exception();
    }
    return attr.edit()
        .uid(uid == null ? attr.uid() : uid)
        .gid(gid == null ? attr.gid() : gid)
        .mode(modeAfterChown(attr))
        .build();
  }

  private int modeAfterChown(Attr attr) {
    if ((attr.mode() & SET_ID_BITS) == 0 || attr.isDirectory()) {
      return attr.mode();
    }
    boolean both = !caller.isRoot() || (attr.mode() & GROUP_EXECUTE) != 0;
    return attr.mode() & ~(both ? SET_ID_BITS : Attr.SETUID);
  }

  private void requireOwner() throws FsException {
    if (!isOwner()) {
      throw Errno.EPERM.exception();
    }
  }

  private boolean isOwner() {
    return caller.isRoot() || caller.uid() == before.uid();
  }

  private void moveUsage(Attr after) throws FsException {
    boolean newUser = after.uid() != before.uid();
    boolean newGroup = after.gid() != before.gid();
    if (!newUser && !newGroup) {
      return;
    }
    long space = after.usedSpaceBytes();
    int uid = newUser ? after.uid() : -1;
    int gid = newGroup ? after.gid() : -1;
    txn.client().quota().requireRoom(txn, uid, gid, Ino.NONE, space, 1);
    txn.effects()
        .usage(Ino.NONE, newUser ? before.uid() : -1, newGroup ? before.gid() : -1, -space, -1);
    txn.effects().usage(Ino.NONE, uid, gid, space, 1);
  }

  // ---- chmod ----

  private Attr withMode(Attr attr) throws FsException {
    Integer requested = update.mode();
    if (requested == null) {
      return attr;
    }
    int mode = requested & 07777;
    if (update.uid() != null || update.gid() != null) {
      mode = (mode & ~SET_ID_BITS) | (attr.mode() & SET_ID_BITS);
    }
    if (!caller.isRoot() && (mode & Attr.SETGID) != 0 && !caller.inGroup(attr.gid())) {
      mode &= ~Attr.SETGID;
    }
    if (!isOwner() && !onlyDropsSetIds(attr.mode(), mode)) {
      throw Errno.EPERM.exception();
    }
    return Acl.chmod(txn, attr, mode);
  }

  /** What a kernel without HANDLE_KILLPRIV asks in the name of whoever writes. */
  private static boolean onlyDropsSetIds(int before, int after) {
    return before != after
        && (before & ~SET_ID_BITS) == (after & ~SET_ID_BITS)
        && (after & ~before) == 0;
  }

  private static Attr withoutSetIds(Attr attr) {
    return attr.edit().mode(modeAfterWrite(attr.mode())).build();
  }

  /** What a write by somebody without CAP_FSETID leaves of a mode. */
  public static int modeAfterWrite(int mode) {
    int both = Attr.SETGID | GROUP_EXECUTE;
    int dropped = Attr.SETUID | ((mode & both) == both ? Attr.SETGID : 0);
    return mode & ~dropped;
  }

  // ---- utimensat, chattr ----

  private Attr withTimes(Attr attr) throws FsException {
    if (!isTimes()) {
      return attr;
    }
    if (isExplicitTimes()) {
      requireOwner();
    } else if (!isOwner()) {
      Permissions.require(txn, caller, attr, Permissions.WRITE);
    }
    Attr.Editor edited = attr.edit();
    if (update.atime() != null) {
      edited.atime(update.atime());
    }
    if (update.mtime() != null) {
      edited.mtime(update.mtime());
    }
    if (update.atimeNow()) {
      edited.atime(txn.now());
    }
    if (update.mtimeNow()) {
      edited.mtime(txn.now());
    }
    return edited.build();
  }

  private Attr withFlags(Attr attr) throws FsException {
    @Nullable Integer flags = update.flags();
    if (flags == null) {
      return attr;
    }
    requireOwner();
    if (((flags ^ attr.flags()) & ROOT_FLAGS) != 0 && !caller.isRoot()) {
      throw Errno.EPERM.exception();
    }
    return attr.edit().flags(flags).build();
  }
}
