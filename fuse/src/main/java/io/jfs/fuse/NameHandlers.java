package io.jfs.fuse;

import io.jfs.fuse.proto.Names;
import io.jfs.fuse.proto.Names.CreateIn;
import io.jfs.fuse.proto.Names.LinkIn;
import io.jfs.fuse.proto.Names.MkdirIn;
import io.jfs.fuse.proto.Names.MknodIn;
import io.jfs.fuse.proto.Names.RenameIn;
import io.jfs.fuse.proto.Names.SymlinkIn;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.vfs.VfsOps;
import java.io.IOException;

/** Finds, makes, moves and removes names. */
final class NameHandlers {
  private final VfsOps ops;
  private final Answers answers;
  private final OpenFlags openFlags;

  NameHandlers(VfsOps ops, Answers answers, OpenFlags openFlags) {
    this.ops = ops;
    this.answers = answers;
    this.openFlags = openFlags;
  }

  void lookup(Operation op) throws FsException, IOException {
    Entry entry = ops.lookup(op.request(), op.ino(), valid(Names.name(op.in())));
    if (entry != null) {
      answers.entry(op, entry);
    } else if (!answers.negativeEntry(op)) {
      throw Errno.ENOENT.exception();
    }
  }

  void mknod(Operation op) throws FsException, IOException {
    MknodIn in = MknodIn.of(op.in());
    Name name = valid(in.name());
    answers.entry(op, ops.mknod(op.request(), op.ino(), name, in.mode(), in.umask(), in.rdev()));
  }

  void mkdir(Operation op) throws FsException, IOException {
    MkdirIn in = MkdirIn.of(op.in());
    answers.entry(op, ops.mkdir(op.request(), op.ino(), valid(in.name()), in.mode(), in.umask()));
  }

  void symlink(Operation op) throws FsException, IOException {
    SymlinkIn in = SymlinkIn.of(op.in());
    answers.entry(op, ops.symlink(op.request(), op.ino(), valid(in.name()), in.target()));
  }

  void link(Operation op) throws FsException, IOException {
    LinkIn in = LinkIn.of(op.in());
    Name name = valid(in.newName());
    answers.entry(op, ops.link(op.request(), new Ino(in.oldNodeId()), op.ino(), name));
  }

  void unlink(Operation op) throws FsException, IOException {
    ops.unlink(op.request(), op.ino(), valid(Names.name(op.in())));
  }

  void rmdir(Operation op) throws FsException, IOException {
    ops.rmdir(op.request(), op.ino(), valid(Names.name(op.in())));
  }

  void rename(Operation op) throws FsException, IOException {
    rename(op, RenameIn.of(op.in()));
  }

  void rename2(Operation op) throws FsException, IOException {
    rename(op, RenameIn.withFlags(op.in()));
  }

  private void rename(Operation op, RenameIn in) throws FsException, IOException {
    ops.rename(
        op.request(),
        op.ino(),
        valid(in.oldName()),
        new Ino(in.newParent()),
        valid(in.newName()),
        in.flags());
  }

  void create(Operation op) throws FsException, IOException {
    CreateIn in = CreateIn.of(op.in());
    Name name = valid(in.name());
    int flags = openFlags.of(in.flags());
    answers.created(op, ops.create(op.request(), op.ino(), name, in.mode(), in.umask(), flags));
  }

  void tmpfile(Operation op) throws FsException, IOException {
    CreateIn in = CreateIn.of(op.in());
    int flags = openFlags.of(in.flags());
    answers.created(op, ops.tmpfile(op.request(), op.ino(), in.mode(), in.umask(), flags));
  }

  private static Name valid(Name name) throws FsException {
    if (name.length() > Name.MAX_BYTES) {
      throw Errno.ENAMETOOLONG.exception();
    }
    return name;
  }
}
