package io.jfs.vfs;

import io.jfs.meta.Meta;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.AttrUpdate;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.VolumeUsage;
import io.jfs.vfs.attr.ChangeStamps;
import io.jfs.vfs.handle.FileHandle;
import io.jfs.vfs.handle.OpenFile;
import io.jfs.vfs.handle.OpenFiles;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Attributes: stat, chmod and kin, extended attributes, statfs. */
final class AttrOps {
  /** Longest name and value of an extended attribute in bytes (vfs-cli spec 2.4). */
  private static final int MAX_XATTR_NAME = 255;

  private static final int MAX_XATTR_VALUE = 65536;
  private static final int ATTEMPTS = 4;
  private static final Name CAPABILITY = Name.of("security.capability");

  /** So long a file that is being written here answers for itself. */
  private static final long WRITING_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Meta meta;
  private final OpenFiles files;
  private final FileOps fileOps;
  private final ChangeStamps stamps;
  private final long openCacheNanos;

  AttrOps(Meta meta, OpenFiles files, FileOps fileOps, ChangeStamps stamps, VfsConfig config) {
    this.meta = meta;
    this.files = files;
    this.fileOps = fileOps;
    this.stamps = stamps;
    this.openCacheNanos = TimeUnit.MILLISECONDS.toNanos(config.openCacheMillis());
  }

  Attr getAttr(Ino ino) throws FsException {
    OpenFile file = files.file(ino);
    if (file == null) {
      return meta.getRecentAttr(ino);
    }
    long links = stamps.links();
    if (answersForItself(file, links)) {
      return file.view();
    }
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      long version = file.version();
      Attr fresh = meta.getAttr(ino);
      if (file.observe(fresh, version)) {
        file.checkedAt(links);
        Attr view = file.withPending(fresh);
        if (file.version() == version) {
          return view;
        }
      }
    }
    return file.view();
  }

  /**
   * Whether metadata need not be asked: with an open cache for its time, and for a moment while the
   * file is being written here, because the kernel asks after every write.
   */
  private boolean answersForItself(OpenFile file, long links) {
    long unchecked = file.uncheckedNanos();
    boolean cached = openCacheNanos > 0 && unchecked < openCacheNanos;
    boolean writing = unchecked < WRITING_NANOS && file.writer().isDirty();
    return (cached || writing) && !file.isDistrusted() && file.isCheckedAt(links);
  }

  /**
   * What the kernel may be told of an inode that was found with {@code attr}. If the file is open
   * here and seems to have changed elsewhere, metadata is asked again: the kernel will drop its
   * pages, and what it then reads must not come from what this client remembers.
   */
  Attr localView(Ino ino, Attr attr) throws FsException {
    OpenFile file = files.file(ino);
    if (file == null) {
      return attr;
    }
    return isAsKnown(file, attr) ? file.withPending(attr) : getAttr(ino);
  }

  /** As {@link #localView}, for a listing: null instead of asking. */
  @Nullable Attr localViewIfKnown(Ino ino, Attr attr) {
    OpenFile file = files.file(ino);
    if (file == null) {
      return attr;
    }
    return isAsKnown(file, attr) ? file.withPending(attr) : null;
  }

  private static boolean isAsKnown(OpenFile file, Attr attr) {
    Attr known = file.attr();
    return known.mtime().equals(attr.mtime()) && known.lengthBytes() == attr.lengthBytes();
  }

  Attr setAttr(Request request, Ino ino, long number, AttrChange change)
      throws FsException, IOException {
    Attr attr = null;
    Long length = change.lengthBytes();
    if (length != null) {
      attr = fileOps.truncate(request, ino, length, isThroughHandle(number));
    }
    AttrUpdate update = toUpdate(change);
    if (attr == null || !update.equals(AttrUpdate.NONE)) {
      attr = update(request, ino, update);
    }
    OpenFile file = files.file(ino);
    return file == null ? attr : file.withPending(attr);
  }

  private boolean isThroughHandle(long number) throws FsException {
    FileHandle handle = number == -1 ? null : files.findOrAdopt(number);
    if (handle == null) {
      return false;
    }
    if (!FileHandle.writes(handle.flags())) {
      throw Errno.EACCES.exception();
    }
    return true;
  }

  private static AttrUpdate toUpdate(AttrChange change) {
    return new AttrUpdate(
        change.mode(),
        change.uid(),
        change.gid(),
        change.atime(),
        change.mtime(),
        change.atimeNow(),
        change.mtimeNow(),
        null,
        change.killSuidgid());
  }

  /** Changes attributes other than the length. */
  Attr update(Request request, Ino ino, AttrUpdate update) throws FsException, IOException {
    OpenFile file = files.file(ino);
    Attr attr;
    if (file == null) {
      attr = meta.setAttr(request.caller(), ino, update);
    } else if (setsTimes(update) && file.writer().isDirty()) {
      // What is pending was written before: its time must not come after the one set now.
      attr =
          file.writer()
              .exclusively(request.cancellation(), () -> updateOpen(request, file, update));
    } else {
      attr = updateOpen(request, file, update);
    }
    stamps.changed(ino);
    return attr;
  }

  private static boolean setsTimes(AttrUpdate update) {
    return update.mtime() != null || update.mtimeNow();
  }

  private Attr updateOpen(Request request, OpenFile file, AttrUpdate update) throws FsException {
    long version = file.version();
    Attr attr = meta.setAttr(request.caller(), file.ino(), update);
    file.attributesChanged(attr, version);
    return attr;
  }

  byte[] getXattr(Ino ino, byte[] name) throws FsException {
    Name asked = xattrName(name);
    OpenFile file = asked.equals(CAPABILITY) ? files.file(ino) : null;
    if (file == null) {
      return meta.getXattr(ino, asked);
    }
    if (file.hasNoCapability()) {
      throw Errno.ENODATA.exception();
    }
    try {
      return meta.getXattr(ino, asked);
    } catch (FsException e) {
      if (e.errno() == Errno.ENODATA) {
        file.foundNoCapability();
      }
      throw e;
    }
  }

  void setXattr(Request request, Ino ino, byte[] name, byte[] value, int flags) throws FsException {
    if (value.length > MAX_XATTR_VALUE) {
      throw Errno.ERANGE.exception();
    }
    meta.setXattr(request.caller(), ino, xattrName(name), value, flags);
    xattrsChanged(ino);
  }

  List<byte[]> listXattr(Ino ino) throws FsException {
    return meta.listXattr(ino).stream().map(Name::toBytes).toList();
  }

  void removeXattr(Request request, Ino ino, byte[] name) throws FsException {
    meta.removeXattr(request.caller(), ino, xattrName(name));
    xattrsChanged(ino);
  }

  private void xattrsChanged(Ino ino) {
    stamps.changed(ino);
    stamps.linksChanged();
    OpenFile file = files.file(ino);
    if (file != null) {
      file.xattrsChanged();
    }
  }

  private static Name xattrName(byte[] name) throws FsException {
    if (name.length == 0) {
      throw Errno.EINVAL.exception();
    }
    if (name.length > MAX_XATTR_NAME) {
      throw Errno.ERANGE.exception();
    }
    return Name.stored(name);
  }

  VolumeStat statfs(Ino ino) throws FsException {
    VolumeUsage usage = meta.usage(ino);
    return new VolumeStat(
        usage.totalBytes(), usage.availableBytes(), usage.usedInodes(), usage.availableInodes());
  }
}
