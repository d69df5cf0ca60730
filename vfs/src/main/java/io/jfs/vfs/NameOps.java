package io.jfs.vfs;

import io.jfs.meta.Meta;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.NewInode;
import io.jfs.vfs.attr.ChangeStamps;
import io.jfs.vfs.handle.DirHandles;
import org.jspecify.annotations.Nullable;

/** What changes names: each change is told to the open directories. */
final class NameOps {
  /** A symlink's target is shorter than this, in bytes. */
  private static final int PATH_MAX = 4096;

  private static final int RENAME_EXCHANGE = 2;
  private static final int RENAME_WHITEOUT = 4;

  private final Meta meta;
  private final DirHandles dirs;
  private final ChangeStamps stamps;
  private final AttrOps attrs;

  NameOps(Meta meta, DirHandles dirs, ChangeStamps stamps, AttrOps attrs) {
    this.meta = meta;
    this.dirs = dirs;
    this.stamps = stamps;
    this.attrs = attrs;
  }

  @Nullable Entry lookup(Request request, Ino parent, Name name) throws FsException {
    Entry entry = meta.lookup(request.caller(), parent, name);
    return entry == null
        ? null
        : new Entry(entry.ino(), attrs.localView(entry.ino(), entry.attr()));
  }

  Entry mknod(Request request, Ino parent, Name name, int mode, int umask, int rdev)
      throws FsException {
    FileType type = FileType.ofMode(mode);
    if (type == FileType.DIRECTORY || type == FileType.SYMLINK) {
      throw Errno.EINVAL.exception();
    }
    return create(request, parent, name, new NewInode(type, mode & 07777, umask, rdev, null));
  }

  Entry symlink(Request request, Ino parent, Name name, byte[] target) throws FsException {
    if (target.length == 0) {
      throw Errno.ENOENT.exception();
    }
    if (target.length >= PATH_MAX) {
      throw Errno.ENAMETOOLONG.exception();
    }
    return create(request, parent, name, NewInode.symlink(target));
  }

  Entry create(Request request, Ino parent, Name name, NewInode inode) throws FsException {
    Entry entry = meta.create(request.caller(), parent, name, inode);
    created(parent, name);
    return entry;
  }

  /** A name was made by an operation that is not here. */
  void created(Ino parent, Name name) {
    stamps.changed(parent);
    dirs.created(parent, name);
  }

  Entry link(Request request, Ino ino, Ino newParent, Name newName) throws FsException {
    Entry entry = meta.link(request.caller(), ino, newParent, newName);
    stamps.changed(ino);
    stamps.linksChanged();
    created(newParent, newName);
    return new Entry(entry.ino(), attrs.localView(entry.ino(), entry.attr()));
  }

  void unlink(Request request, Ino parent, Name name) throws FsException {
    Ino unlinked = meta.unlink(request.caller(), parent, name);
    stamps.changed(unlinked);
    stamps.linksChanged();
    removed(parent, name);
  }

  void rmdir(Request request, Ino parent, Name name) throws FsException {
    meta.rmdir(request.caller(), parent, name);
    removed(parent, name);
  }

  private void removed(Ino parent, Name name) {
    stamps.changed(parent);
    dirs.removed(parent, name);
  }

  void rename(Request request, Ino parent, Name name, Ino newParent, Name newName, int flags)
      throws FsException {
    meta.rename(request.caller(), parent, name, newParent, newName, flags);
    stamps.linksChanged();
    stamps.changed(parent);
    stamps.changed(newParent);
    if (parent.equals(newParent) && name.equals(newName)) {
      return;
    }
    if ((flags & (RENAME_EXCHANGE | RENAME_WHITEOUT)) == 0) {
      dirs.removed(parent, name);
    } else {
      dirs.replaced(parent, name);
    }
    dirs.replaced(newParent, newName);
  }
}
