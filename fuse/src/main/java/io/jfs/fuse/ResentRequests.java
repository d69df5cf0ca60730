package io.jfs.fuse;

import io.jfs.fuse.proto.Names.CreateIn;
import io.jfs.fuse.proto.Names.LinkIn;
import io.jfs.fuse.proto.Names.MkdirIn;
import io.jfs.fuse.proto.Names.MknodIn;
import io.jfs.fuse.proto.Names.RenameIn;
import io.jfs.fuse.proto.Names.SymlinkIn;
import io.jfs.fuse.proto.Opcode;
import io.jfs.fuse.proto.Xattrs;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.vfs.Created;
import io.jfs.vfs.VfsOps;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Requests that a process which was killed had read: the kernel sends them again, and they may have
 * been carried out. Most do the same when they are done twice. Of the others the refusal tells: who
 * cannot remove a name because it is gone has removed it, who cannot make one because it is there
 * has made it, if what is there is what he wanted. What cannot be told, an exchange of two names,
 * fails with EIO.
 */
final class ResentRequests {
  private static final int RENAME_EXCHANGE = 2;

  private final boolean extendedSetXattr;
  private final VfsOps ops;
  private final Answers answers;
  private final OpenFlags openFlags;

  ResentRequests(VfsOps ops, Answers answers, OpenFlags openFlags, boolean extendedSetXattr) {
    this.extendedSetXattr = extendedSetXattr;
    this.ops = ops;
    this.answers = answers;
    this.openFlags = openFlags;
  }

  /** Refuses what must not be done twice, and would not be refused by itself. */
  void refuseWhatCannotBeTold(Operation op) throws FsException {
    if (op.opcode() == Opcode.RENAME2
        && (RenameIn.withFlags(op.in()).flags() & RENAME_EXCHANGE) != 0) {
      throw Errno.EIO.exception();
    }
  }

  /**
   * Answers a request that was refused with {@code errno}, if that says that it had been carried
   * out before.
   *
   * @return whether it did
   */
  boolean answerIfDone(Operation op, Errno errno) throws FsException, IOException {
    return switch (op.opcode()) {
      case UNLINK, RMDIR -> errno == Errno.ENOENT;
      case REMOVEXATTR -> errno == Errno.ENODATA;
      case RENAME -> errno == Errno.ENOENT && isRenamed(op, RenameIn.of(op.in()));
      case RENAME2 -> errno == Errno.ENOENT && isRenamed(op, RenameIn.withFlags(op.in()));
      case MKDIR ->
          errno == Errno.EEXIST && entry(op, MkdirIn.of(op.in()).name(), FileType.DIRECTORY);
      case SYMLINK ->
          errno == Errno.EEXIST && entry(op, SymlinkIn.of(op.in()).name(), FileType.SYMLINK);
      case MKNOD -> errno == Errno.EEXIST && entry(op, MknodIn.of(op.in()).name(), null);
      case LINK -> errno == Errno.EEXIST && link(op, LinkIn.of(op.in()));
      case CREATE -> errno == Errno.EEXIST && create(op, CreateIn.of(op.in()));
      case SETXATTR -> errno == Errno.EEXIST && isSet(op);
      default -> false;
    };
  }

  private boolean isRenamed(Operation op, RenameIn in) throws FsException, IOException {
    return ops.lookup(op.request(), op.ino(), in.oldName()) == null
        && ops.lookup(op.request(), new Ino(in.newParent()), in.newName()) != null;
  }

  private boolean entry(Operation op, Name name, @Nullable FileType type)
      throws FsException, IOException {
    Entry found = ops.lookup(op.request(), op.ino(), name);
    if (found == null || !isOwn(op, found.attr())) {
      return false;
    }
    if (type != null && found.attr().type() != type) {
      return false;
    }
    answers.entry(op, found);
    return true;
  }

  private static boolean isOwn(Operation op, Attr attr) {
    return attr.uid() == op.caller().uid();
  }

  private boolean link(Operation op, LinkIn in) throws FsException, IOException {
    Entry found = ops.lookup(op.request(), op.ino(), in.newName());
    if (found == null || found.ino().value() != in.oldNodeId()) {
      return false;
    }
    answers.entry(op, found);
    return true;
  }

  /** O_EXCL: an empty file of the same owner is the one that it has made. */
  private boolean create(Operation op, CreateIn in) throws FsException, IOException {
    Entry found = ops.lookup(op.request(), op.ino(), in.name());
    if (found == null
        || found.attr().type() != FileType.REGULAR
        || found.attr().lengthBytes() != 0
        || !isOwn(op, found.attr())) {
      return false;
    }
    int flags = openFlags.of(in.flags());
    answers.created(op, new Created(found, ops.open(op.request(), found.ino(), flags)));
    return true;
  }

  private boolean isSet(Operation op) throws FsException, IOException {
    Xattrs.SetIn in = Xattrs.SetIn.of(op.in(), extendedSetXattr);
    byte[] value = ops.getXattr(op.request(), op.ino(), in.name(), 1 << 16);
    return Arrays.equals(value, in.value());
  }
}
