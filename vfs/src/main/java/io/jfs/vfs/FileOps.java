package io.jfs.vfs;

import io.jfs.meta.Meta;
import io.jfs.meta.Meta.Copied;
import io.jfs.meta.Meta.OpenMode;
import io.jfs.meta.Meta.OpenedInode;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.AttrUpdate;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FallocateMode;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.NewInode;
import io.jfs.vfs.attr.ChangeStamps;
import io.jfs.vfs.attr.SeenTimes;
import io.jfs.vfs.handle.FileHandle;
import io.jfs.vfs.handle.OpenFile;
import io.jfs.vfs.handle.OpenFiles;
import io.jfs.vfs.read.FileReader.Seek;
import io.jfs.vfs.write.FileWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done to regular files: open, read, write, flush, and changes of their content. */
final class FileOps {
  private static final Logger log = LoggerFactory.getLogger(FileOps.class);

  private static final int O_NOATIME = 01000000;
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;

  /** One copy_file_range copies at most so much (data spec 4.4). */
  private static final long MAX_COPY_BYTES = (1L << 32) - (64L << 20);

  private final Meta meta;
  private final OpenFiles files;
  private final ChangeStamps stamps;
  private final LockOps locks;
  private final SeenTimes seen = new SeenTimes();

  FileOps(Meta meta, OpenFiles files, ChangeStamps stamps, LockOps locks) {
    this.meta = meta;
    this.files = files;
    this.stamps = stamps;
    this.locks = locks;
  }

  Created create(Request request, Ino parent, Name name, NewInode inode, int flags)
      throws FsException, IOException {
    Entry entry;
    try {
      entry = meta.create(request.caller(), parent, name, inode);
    } catch (FsException e) {
      if (e.errno() != Errno.EEXIST || (flags & FileHandle.O_EXCL) != 0) {
        throw e;
      }
      return openExisting(request, parent, name, flags);
    }
    stamps.changed(parent);
    meta.opened(entry.ino());
    return new Created(entry, openNew(entry, flags));
  }

  /** Somebody else made it first: without O_EXCL that is as good. */
  private Created openExisting(Request request, Ino parent, Name name, int flags)
      throws FsException, IOException {
    Entry entry = meta.lookup(request.caller(), parent, name);
    if (entry == null) {
      throw Errno.ENOENT.exception();
    }
    if (!entry.attr().isRegular()) {
      throw (entry.attr().isDirectory() ? Errno.EISDIR : Errno.EEXIST).exception();
    }
    Opened opened = open(request, entry.ino(), flags);
    return new Created(
        new Entry(entry.ino(), files.require(opened.handle()).file().view()), opened);
  }

  Created tmpfile(Request request, Ino parent, NewInode inode, int flags) throws FsException {
    Entry entry = meta.createUnnamed(request.caller(), parent, inode);
    return new Created(entry, openNew(entry, flags));
  }

  private Opened openNew(Entry entry, int flags) {
    OpenedInode opened = new OpenedInode(entry.attr(), null);
    FileHandle handle = files.add(entry.ino(), opened, files.beforeOpen(entry.ino()), flags);
    handle.file().foundNoCapability();
    return new Opened(handle.number(), false, false, false);
  }

  Opened open(Request request, Ino ino, int flags) throws FsException, IOException {
    FileHandle trusted = files.addTrusted(ino, flags);
    if (trusted != null) {
      meta.opened(ino);
      boolean unchanged = seen.isUnchanged(ino, trusted.file().view().mtime());
      return new Opened(trusted.number(), unchanged, false, false);
    }
    boolean truncate = (flags & FileHandle.O_TRUNC) != 0;
    OpenMode mode =
        new OpenMode(
            FileHandle.reads(flags),
            FileHandle.writes(flags),
            (flags & FileHandle.O_APPEND) != 0,
            truncate,
            (flags & FileHandle.FMODE_EXEC) != 0);
    OpenFiles.Before before = files.beforeOpen(ino);
    OpenedInode opened = meta.open(request.caller(), ino, mode);
    FileHandle handle = files.add(ino, opened, before, flags);
    boolean done = false;
    try {
      if (handle.file().isDistrusted()) {
        long version = handle.file().version();
        handle.file().observe(meta.getAttr(ino), version);
      }
      if (truncate) {
        truncate(request, handle.file(), 0);
      }
      done = true;
    } finally {
      if (!done) {
        close(handle);
      }
    }
    boolean unchanged = seen.isUnchanged(ino, handle.file().view().mtime());
    return new Opened(handle.number(), unchanged, false, false);
  }

  ReadData read(Request request, long number, long offset, int sizeBytes)
      throws FsException, IOException {
    FileHandle handle = files.require(number).requireReadable();
    if (offset < 0 || offset + sizeBytes > FileWriter.MAX_LENGTH_BYTES) {
      throw Errno.EFBIG.exception();
    }
    OpenFile file = handle.file();
    try {
      if (file.writer().isDirty(offset, offset + sizeBytes)) {
        file.writer().flush(request.cancellation());
      }
      ReadData data =
          file.reader()
              .read(
                  offset,
                  sizeBytes,
                  file.lengthBytes(),
                  handle.readAhead(),
                  request.cancellation());
      if ((handle.flags() & O_NOATIME) == 0) {
        meta.touchAccessTime(file.ino(), file.attr());
      }
      return data;
    } catch (FsException e) {
      throw e.errno() == Errno.ENOENT ? Errno.EBADF.exception() : e;
    }
  }

  int write(Request request, long number, long offset, ByteBuffer data, boolean killSuidgid)
      throws FsException, IOException {
    FileHandle handle = files.require(number).requireWritable().requireWhole();
    int size = data.remaining();
    try {
      if (killSuidgid) {
        dropPrivileges(request.caller(), handle.file());
      }
      FileWriter writer = handle.file().writer();
      if (handle.appends()) {
        writer.append(data, request.cancellation());
      } else {
        writer.write(offset, data, request.cancellation());
      }
      handle.file().written(handle);
      return size;
    } catch (FsException e) {
      throw asBadFile(e);
    }
  }

  /** A write by another than the owner takes setuid and setgid away. */
  private void dropPrivileges(Caller caller, OpenFile file) throws FsException {
    if ((file.attr().mode() & (Attr.SETUID | Attr.SETGID)) == 0) {
      return;
    }
    AttrUpdate drop = new AttrUpdate(null, null, null, null, null, false, false, null, true);
    long version = file.version();
    file.attributesChanged(meta.setAttr(caller, file.ino(), drop), version);
  }

  /** Errors of write, flush and fsync as vfs-cli spec 2.7 has them. */
  private static FsException asBadFile(FsException e) {
    return switch (e.errno()) {
      case ENOENT, EPERM, EINVAL -> Errno.EBADF.exception();
      default -> e;
    };
  }

  void flush(Request request, Ino ino, long number, long lockOwner) throws FsException {
    FileHandle handle = files.require(number);
    try {
      if (FileHandle.writes(handle.flags())) {
        handle.requireWhole().file().writer().flush(request.cancellation());
      }
    } catch (FsException e) {
      throw asBadFile(e);
    } finally {
      if (handle.file().removePosixLockOwner(lockOwner)) {
        locks.releaseAll(ino, lockOwner);
      }
    }
  }

  void fsync(Request request, long number) throws FsException {
    FileHandle handle = files.require(number);
    try {
      handle.requireWhole().file().writer().flush(request.cancellation());
    } catch (FsException e) {
      throw asBadFile(e);
    }
    meta.sync();
  }

  void release(Request request, Ino ino, long number, long flockOwner) {
    FileHandle handle = files.find(number);
    if (handle == null) {
      releaseUnused(number, flockOwner);
      return;
    }
    if (flockOwner != 0) {
      locks.releaseFlock(ino, number, flockOwner);
    }
    handle.file().removePosixLockOwners(number).forEach(owner -> locks.releaseAll(ino, owner));
    try {
      if (FileHandle.writes(handle.flags()) && handle.file().writer().isDirty()) {
        handle.file().writer().flush(request.cancellation());
      }
    } catch (FsException e) {
      log.warn("inode {}: flush at close failed: {}", ino, e.getMessage());
    } finally {
      close(handle);
    }
  }

  /** The only thing that came through a handle since a predecessor has left it is its end. */
  private void releaseUnused(long number, long flockOwner) {
    Ino ino = files.dropUnused(number);
    if (ino != null) {
      if (flockOwner != 0) {
        locks.releaseFlock(ino, number, flockOwner);
      }
      meta.close(ino);
    }
  }

  private void close(FileHandle handle) {
    if (files.remove(handle.number()) != null) {
      meta.close(handle.file().ino());
    }
  }

  /** truncate(2) or ftruncate(2), whose handle has been checked. */
  Attr truncate(Request request, Ino ino, long lengthBytes, boolean throughHandle)
      throws FsException, IOException {
    if (lengthBytes < 0) {
      throw Errno.EINVAL.exception();
    }
    if (lengthBytes >= FileWriter.MAX_LENGTH_BYTES) {
      throw Errno.EFBIG.exception();
    }
    OpenFile file = files.file(ino);
    if (file == null) {
      Attr attr = meta.truncate(request.caller(), ino, lengthBytes, throughHandle);
      stamps.changed(ino);
      return attr;
    }
    return change(
        request, file, () -> meta.truncate(request.caller(), ino, lengthBytes, throughHandle));
  }

  private void truncate(Request request, OpenFile file, long lengthBytes)
      throws FsException, IOException {
    change(request, file, () -> meta.truncate(request.caller(), file.ino(), lengthBytes, true));
  }

  /** Changes a file's content in metadata, between writes. */
  private Attr change(Request request, OpenFile file, FileWriter.Exclusive<Attr> action)
      throws FsException, IOException {
    return file.writer()
        .exclusively(
            request.cancellation(),
            () -> {
              Attr attr = action.run();
              file.contentChanged(attr);
              return attr;
            });
  }

  void fallocate(Request request, long number, int mode, long offset, long lengthBytes)
      throws FsException, IOException {
    FileHandle handle = files.require(number).requireWritable();
    FallocateMode what = FallocateModes.of(mode);
    if (offset < 0 || lengthBytes <= 0) {
      throw Errno.EINVAL.exception();
    }
    if (offset >= FileWriter.MAX_LENGTH_BYTES - lengthBytes) {
      throw Errno.EFBIG.exception();
    }
    Caller caller = request.caller();
    Attr unused =
        change(
            request,
            handle.file(),
            () ->
                meta.fallocate(
                    caller, handle.file().ino(), what, offset, lengthBytes, !caller.isRoot()));
  }

  long seek(Request request, long number, long offset, int whence) throws FsException, IOException {
    OpenFile file = files.require(number).file();
    if (whence != SEEK_DATA && whence != SEEK_HOLE) {
      throw Errno.EINVAL.exception();
    }
    if (file.writer().isDirty()) {
      file.writer().flush(request.cancellation());
    }
    long length = file.lengthBytes();
    if (offset < 0 || offset >= length) {
      throw Errno.ENXIO.exception();
    }
    Seek what = whence == SEEK_DATA ? Seek.DATA : Seek.HOLE;
    long found = file.reader().seek(offset, length, what);
    if (whence == SEEK_DATA && found >= length) {
      throw Errno.ENXIO.exception();
    }
    return found;
  }

  long copyRange(
      Request request,
      long inNumber,
      long inOffset,
      long outNumber,
      long outOffset,
      long lengthBytes,
      int flags)
      throws FsException, IOException {
    OpenFile in = files.require(inNumber).requireReadable().file();
    FileHandle outHandle = files.require(outNumber).requireWritable().requireWhole();
    OpenFile out = outHandle.file();
    if (outHandle.appends()) {
      throw Errno.EBADF.exception();
    }
    if (flags != 0 || inOffset < 0 || outOffset < 0 || lengthBytes < 0) {
      throw Errno.EINVAL.exception();
    }
    long wanted = Math.min(lengthBytes, MAX_COPY_BYTES);
    if (in == out && inOffset < outOffset + wanted && outOffset < inOffset + wanted) {
      throw Errno.EINVAL.exception();
    }
    if (outOffset + wanted >= FileWriter.MAX_LENGTH_BYTES) {
      throw Errno.EFBIG.exception();
    }
    if (!request.caller().isRoot()) {
      dropPrivileges(request.caller(), out);
    }
    return wanted == 0 ? 0 : copy(request, in, inOffset, out, outOffset, wanted);
  }

  private long copy(
      Request request, OpenFile in, long inOffset, OpenFile out, long outOffset, long lengthBytes)
      throws FsException, IOException {
    FileWriter.Exclusive<Long> action =
        () -> {
          Copied copied =
              meta.copyRange(
                  request.caller(), in.ino(), inOffset, out.ino(), outOffset, lengthBytes);
          if (copied.bytes() > 0) {
            out.contentChanged(copied.attr());
          }
          return copied.bytes();
        };
    if (in != out) {
      // Only flushed, not held: two files held in either order would wait for each other.
      in.writer().flush(request.cancellation());
    }
    return out.writer().exclusively(request.cancellation(), action);
  }
}
