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
import io.jfs.meta.model.NewInode;
import io.jfs.meta.record.Records;
import java.util.List;

/**
 * Making inodes: mknod(2), mkdir(2), symlink(2), open(2) with O_CREAT or O_TMPFILE. Metadata spec
 * 6.5.
 *
 * <p>Observes the directory's attributes and that the name is free. The inode's number comes from
 * the caller, so that an attempt after a lost answer recognises its own work.
 */
public final class Create {
  /** Longest symlink target in bytes. */
  public static final int MAX_TARGET_BYTES = 4096;

  private static final byte[] NO_TARGET = {};
  private static final byte[] NO_NAME = {};

  private Create() {}

  /**
   * Makes {@code ino} under {@code name} in {@code parent}.
   *
   * @throws FsException EEXIST; ENOENT (no directory, or it is in the trash), ENOTDIR; EACCES;
   *     EPERM (trash, immutable directory); EDQUOT, ENOSPC; for symlinks ENOENT, EINVAL,
   *     ENAMETOOLONG (target)
   */
  public static Entry create(
      MetaTxn txn, Caller caller, Ino parent, Name name, NewInode wanted, Ino ino)
      throws FsException {
    requireNewName(parent, name);
    requireTarget(wanted);
    txn.records().prefetch(MetaTxn.attrRef(parent), MetaTxn.dentryRef(parent, name));
    Attr parentAttr = requireHome(txn, caller, parent);
    Dentry existing = txn.dentry(parent, name);
    // It may have been moved since, or buried: then making it again would count it twice.
    if (txn.isAlreadyThere(existing, ino) || txn.isAlreadyMade(ino)) {
      return new Entry(ino, txn.require(ino));
    }
    if (existing != null) {
      throw Errno.EEXIST.exception();
    }
    Attr attr = newAttr(txn, caller, parent, parentAttr, wanted);
    requireRoom(txn, parent, attr);
    txn.put(parent, name, new Dentry(attr.type(), ino));
    putNew(txn, parent, ino, attr, wanted);
    if (attr.isDirectory()) {
      txn.linkDirectory(parent, parentAttr, 1);
    } else {
      txn.touchDirectory(parent, parentAttr);
    }
    log(txn, caller, parent, name, wanted, ino, attr.isDirectory() || txn.movesTimes(parentAttr));
    return new Entry(ino, attr);
  }

  /**
   * Tells the change log.
   *
   * @param timesMove whether the directory's times move
   */
  static void log(
      MetaTxn txn,
      Caller caller,
      Ino parent,
      Name name,
      NewInode wanted,
      Ino ino,
      boolean timesMove) {
    txn.logChange("CREATE", ino, logged(caller, parent, name.bytes(), wanted, timesMove));
  }

  /** The arguments; a file without a name has an empty one there, which the reference has not. */
  private static List<Object> logged(
      Caller caller, Ino parent, byte[] name, NewInode wanted, boolean timesMove) {
    byte[] target = wanted.target();
    return List.of(
        parent,
        name,
        Integer.toUnsignedLong(caller.uid()),
        Integer.toUnsignedLong(caller.gid()),
        wanted.type().code(),
        wanted.mode(),
        wanted.umask(),
        target == null ? NO_TARGET : target,
        "linux",
        timesMove);
  }

  /**
   * Makes a regular file without a name, which this client's session keeps until its last close
   * here or until link(2) gives it a name: O_TMPFILE.
   *
   * @throws FsException as {@link #create}; EOPNOTSUPP for a client without a session
   */
  public static Entry createUnnamed(
      MetaTxn txn, Caller caller, Ino directory, NewInode wanted, Ino ino) throws FsException {
    long sessionId = txn.client().sessionId();
    if (sessionId == 0) {
      throw Errno.EOPNOTSUPP.exception();
    }
    if (directory.isTrash()) {
      throw Errno.EPERM.exception();
    }
    if (txn.isAlreadyMade(ino)) {
      return new Entry(ino, txn.require(ino));
    }
    Attr directoryAttr = requireHome(txn, caller, directory);
    Attr attr = newAttr(txn, caller, directory, directoryAttr, wanted).edit().nlink(0).build();
    requireRoom(txn, directory, attr);
    txn.put(ino, attr);
    txn.records().put(Records.SUSTAINED, sessionId, ino, true);
    DirectorySums.created(txn, attr);
    txn.logChange("CREATE", ino, logged(caller, directory, NO_NAME, wanted, false));
    return new Entry(ino, attr);
  }

  /**
   * Requires a name that may be made: neither "." nor "..", and outside the trash.
   *
   * @throws FsException EEXIST, EPERM
   */
  static void requireNewName(Ino parent, Name name) throws FsException {
    Trash.requireOutside(parent, name);
    if (name.isDotOrDotDot()) {
      throw Errno.EEXIST.exception();
    }
  }

  /**
   * A directory in which the caller may make entries: its attributes.
   *
   * @throws FsException ENOENT, ENOTDIR, EACCES, EPERM
   */
  static Attr requireHome(MetaTxn txn, Caller caller, Ino parent) throws FsException {
    Attr attr = txn.directory(parent);
    if (attr.parent().isHourlyTrash()) {
      throw Errno.ENOENT.exception();
    }
    Permissions.require(txn, caller, attr, Permissions.WRITE | Permissions.EXECUTE);
    Permissions.requireMutable(attr);
    return attr;
  }

  private static void requireTarget(NewInode wanted) throws FsException {
    byte[] target = wanted.target();
    if (wanted.type() != FileType.SYMLINK) {
      return;
    }
    if (target == null || target.length == 0) {
      throw Errno.ENOENT.exception();
    }
    if (target.length > MAX_TARGET_BYTES) {
      throw Errno.ENAMETOOLONG.exception();
    }
    for (byte b : target) {
      if (b == 0) {
        throw Errno.EINVAL.exception();
      }
    }
  }

  private static void requireRoom(MetaTxn txn, Ino parent, Attr attr) throws FsException {
    txn.client().quota().requireRoom(txn, attr.uid(), attr.gid(), parent, attr.usedSpaceBytes(), 1);
  }

  /** Writes a new inode with what belongs to its type, and counts it. */
  static void putNew(MetaTxn txn, Ino parent, Ino ino, Attr attr, NewInode wanted) {
    txn.put(ino, attr);
    byte[] target = wanted.target();
    if (attr.type() == FileType.SYMLINK && target != null) {
      txn.records().put(Records.SYMLINK, ino, target);
    }
    if (attr.isDirectory() && txn.policy().dirStats()) {
      txn.records().set(Records.DIR_STAT, ino, 0, 0, 0);
    }
    DirectorySums.created(txn, attr);
    DirectorySums.gained(txn, parent, attr);
    DirectorySums.charge(txn, parent, DirectorySums.weight(attr));
  }

  /** What a new inode in {@code parent} looks like. */
  static Attr newAttr(MetaTxn txn, Caller caller, Ino parent, Attr parentAttr, NewInode wanted)
      throws FsException {
    boolean setgidParent = (parentAttr.mode() & Attr.SETGID) != 0;
    int gid = setgidParent ? parentAttr.gid() : caller.gid();
    boolean directory = wanted.type() == FileType.DIRECTORY;
    int requested = withGroupBit(caller, gid, setgidParent, directory, wanted.mode());
    Acl.Inherited inherited = modeOf(txn, parentAttr, wanted, requested);
    return new Attr(
        wanted.type(),
        parentAttr.flags() & Attr.FLAG_SKIP_TRASH,
        inherited.mode(),
        caller.uid(),
        gid,
        txn.now(),
        txn.now(),
        txn.now(),
        directory ? 2 : 1,
        lengthBytes(wanted),
        isDevice(wanted.type()) ? wanted.rdev() : 0,
        parent,
        inherited.accessAcl(),
        inherited.defaultAcl(),
        parentAttr.tier());
  }

  /**
   * Setgid directories hand the bit down to directories; a stranger to the group gets no file with
   * it.
   */
  private static int withGroupBit(
      Caller caller, int gid, boolean setgidParent, boolean directory, int mode) {
    if (!setgidParent) {
      return mode;
    }
    if (directory) {
      return mode | Attr.SETGID;
    }
    int both = Attr.SETGID | 0010;
    boolean stranger = (mode & both) == both && !caller.isRoot() && !caller.inGroup(gid);
    return stranger ? mode & ~Attr.SETGID : mode;
  }

  private static Acl.Inherited modeOf(MetaTxn txn, Attr parentAttr, NewInode wanted, int requested)
      throws FsException {
    if (wanted.type() == FileType.SYMLINK) {
      return new Acl.Inherited(0777, 0, 0);
    }
    boolean directory = wanted.type() == FileType.DIRECTORY;
    Acl.Inherited inherited = Acl.inherit(txn, parentAttr, directory, requested);
    return inherited != null
        ? inherited
        : new Acl.Inherited(requested & ~(wanted.umask() & 0777), 0, 0);
  }

  private static long lengthBytes(NewInode wanted) {
    byte[] target = wanted.target();
    return switch (wanted.type()) {
      case DIRECTORY -> Attr.DIRECTORY_LENGTH_BYTES;
      case SYMLINK -> target == null ? 0 : target.length;
      default -> 0;
    };
  }

  private static boolean isDevice(FileType type) {
    return type == FileType.BLOCK_DEVICE || type == FileType.CHAR_DEVICE;
  }
}
