package io.jfs.fuse;

import io.jfs.fuse.proto.Attributes;
import io.jfs.fuse.proto.Attributes.SetAttrIn;
import io.jfs.fuse.proto.Forgets;
import io.jfs.fuse.proto.Names;
import io.jfs.fuse.proto.Xattrs;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.vfs.AttrChange;
import io.jfs.vfs.VfsOps;
import io.jfs.vfs.VolumeStat;
import java.io.IOException;
import java.util.List;

/** Asks for and changes what belongs to an inode: attributes, extended attributes, link targets. */
final class InodeHandlers {
  private final VfsOps ops;
  private final Answers answers;
  private final boolean extendedSetXattr;

  /** {@code extendedSetXattr}: SETXATTR_EXT was agreed on. */
  InodeHandlers(VfsOps ops, Answers answers, boolean extendedSetXattr) {
    this.ops = ops;
    this.answers = answers;
    this.extendedSetXattr = extendedSetXattr;
  }

  void forget(Operation op) {
    op.leaveUnanswered();
    Forgets.single(op.in(), (ino, lookups) -> ops.forget(new Ino(ino), lookups));
  }

  void batchForget(Operation op) {
    op.leaveUnanswered();
    Forgets.batch(op.in(), (ino, lookups) -> ops.forget(new Ino(ino), lookups));
  }

  void getAttr(Operation op) throws FsException, IOException {
    long handle = Attributes.getAttrHandle(op.in());
    answers.attr(op, ops.getAttr(op.request(), op.ino(), handle));
  }

  void setAttr(Operation op) throws FsException, IOException {
    SetAttrIn in = SetAttrIn.of(op.in());
    answers.attr(op, ops.setAttr(op.request(), op.ino(), in.handle(), in.change()));
  }

  void readlink(Operation op) throws FsException, IOException {
    byte[] target = ops.readlink(op.request(), op.ino());
    op.out().put(Reply.PAYLOAD, target);
    op.answer(target.length);
  }

  void access(Operation op) throws FsException, IOException {
    ops.access(op.request(), op.ino(), Attributes.accessMask(op.in()));
  }

  void statfs(Operation op) throws FsException, IOException {
    VolumeStat stat = ops.statfs(op.request(), op.ino());
    Attributes.putStatfs(
        op.out(),
        Reply.PAYLOAD,
        stat.totalBytes(),
        stat.availableBytes(),
        stat.usedInodes() + stat.availableInodes(),
        stat.availableInodes());
    op.answer(Attributes.STATFS_OUT_BYTES);
  }

  void setXattr(Operation op) throws FsException, IOException {
    Xattrs.SetIn in = Xattrs.SetIn.of(op.in(), extendedSetXattr);
    ops.setXattr(op.request(), op.ino(), in.name(), in.value(), in.flags());
    if (in.killSgid()) {
      dropSetgid(op);
    }
  }

  /** An ACL was set by someone outside the file's group: chmod(2)'s rule applies. */
  private void dropSetgid(Operation op) throws FsException, IOException {
    Attr attr = ops.getAttr(op.request(), op.ino(), -1);
    if ((attr.mode() & Attr.SETGID) != 0) {
      int mode = attr.mode() & ~Attr.SETGID;
      AttrChange change = new AttrChange(mode, null, null, null, null, null, false, false, false);
      Attr unused = ops.setAttr(op.request(), op.ino(), -1, change);
    }
  }

  void getXattr(Operation op) throws FsException, IOException {
    byte[] value =
        ops.getXattr(
            op.request(), op.ino(), Xattrs.getName(op.in()), Xattrs.capacityBytes(op.in()));
    answerXattr(op, value);
  }

  void listXattr(Operation op) throws FsException, IOException {
    List<byte[]> names = ops.listXattr(op.request(), op.ino(), Xattrs.capacityBytes(op.in()));
    byte[] joined = new byte[names.stream().mapToInt(name -> name.length + 1).sum()];
    int at = 0;
    for (byte[] name : names) {
      System.arraycopy(name, 0, joined, at, name.length);
      at += name.length + 1;
    }
    answerXattr(op, joined);
  }

  /** getxattr(2): capacity 0 asks for the size; ERANGE if it does not fit. */
  private static void answerXattr(Operation op, byte[] bytes) throws FsException {
    int capacity = Xattrs.capacityBytes(op.in());
    if (capacity == 0) {
      Xattrs.putSize(op.out(), Reply.PAYLOAD, bytes.length);
      op.answer(Xattrs.SIZE_OUT_BYTES);
      return;
    }
    if (bytes.length > Math.min(capacity, op.outCapacityBytes())) {
      throw Errno.ERANGE.exception();
    }
    op.out().put(Reply.PAYLOAD, bytes);
    op.answer(bytes.length);
  }

  void removeXattr(Operation op) throws FsException, IOException {
    ops.removeXattr(op.request(), op.ino(), Names.name(op.in()).bytes());
  }
}
