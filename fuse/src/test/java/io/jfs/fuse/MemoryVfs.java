package io.jfs.fuse;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.Timestamp;
import io.jfs.vfs.AttrChange;
import io.jfs.vfs.CacheTimeouts;
import io.jfs.vfs.Created;
import io.jfs.vfs.DirSink;
import io.jfs.vfs.FileRangeLock;
import io.jfs.vfs.KernelNotifier;
import io.jfs.vfs.Opened;
import io.jfs.vfs.ReadData;
import io.jfs.vfs.Request;
import io.jfs.vfs.VfsOps;
import io.jfs.vfs.VolumeStat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A small real file system in memory: what the front ends are tested and measured against. Inodes
 * are guarded by their own monitor; names by the directory's.
 */
class MemoryVfs implements VfsOps {
  private static final int O_TRUNC = 01000;
  private static final int O_APPEND = 02000;
  private static final int O_DIRECT = 040000;

  /** One inode. */
  static final class Inode {
    final Ino ino;
    Attr attr;
    MemoryFile content = new MemoryFile();
    byte[] target = {};
    final ConcurrentSkipListMap<Name, Inode> children = new ConcurrentSkipListMap<>();
    final Map<String, byte[]> xattrs = new TreeMap<>();
    final MemoryLocks locks = new MemoryLocks();
    long lookups;

    Inode(Ino ino, Attr attr) {
      this.ino = ino;
      this.attr = attr;
    }

    synchronized Entry entry() {
      return new Entry(ino, attr);
    }
  }

  private record Handle(Inode inode, int flags) {}

  private final AtomicLong lastIno = new AtomicLong(1);
  private final AtomicLong lastHandle = new AtomicLong();
  final ConcurrentHashMap<Long, Inode> inodes = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Long, Handle> handles = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Long, List<Map.Entry<Name, Inode>>> listings =
      new ConcurrentHashMap<>();
  volatile KernelNotifier notifier = KernelNotifier.NONE;
  volatile CacheTimeouts timeouts = CacheTimeouts.DEFAULT;
  volatile long fsyncMillis = Long.getLong("fsyncMillis", 0);
  volatile int starts;
  volatile int stops;

  MemoryVfs() {
    Inode root = new Inode(Ino.ROOT, attr(FileType.DIRECTORY, 0755, 0, 0, 0, Ino.ROOT));
    inodes.put(1L, root);
  }

  private static Timestamp now() {
    return Timestamp.of(Instant.now());
  }

  private static Attr attr(FileType type, int mode, int uid, int gid, int rdev, Ino parent) {
    Timestamp now = now();
    boolean directory = type == FileType.DIRECTORY;
    return new Attr(
        type,
        0,
        mode & 07777,
        uid,
        gid,
        now,
        now,
        now,
        directory ? 2 : 1,
        directory ? 4096 : 0,
        rdev,
        parent,
        0,
        0,
        0);
  }

  Inode inode(Ino ino) throws FsException {
    Inode inode = inodes.get(ino.value());
    if (inode == null) {
      throw Errno.ENOENT.exception();
    }
    return inode;
  }

  private Inode directory(Ino ino) throws FsException {
    Inode inode = inode(ino);
    if (!inode.attr.isDirectory()) {
      throw Errno.ENOTDIR.exception();
    }
    return inode;
  }

  private static Entry looked(Inode inode) {
    synchronized (inode) {
      inode.lookups++;
      return inode.entry();
    }
  }

  int openHandles() {
    return handles.size() + listings.size();
  }

  /** Lookups that the kernel has not given back, the root's left out. */
  long outstandingLookups() {
    return inodes.values().stream().filter(i -> i.ino.value() != 1).mapToLong(i -> i.lookups).sum();
  }

  @Override
  public CacheTimeouts timeouts() {
    return timeouts;
  }

  @Override
  public void start(KernelNotifier notifier) {
    this.notifier = notifier;
    starts++;
  }

  @Override
  public void stop() {
    stops++;
  }

  @Override
  public @Nullable Entry lookup(Request request, Ino parent, Name name)
      throws FsException, IOException {
    if (name.isDotOrDotDot()) {
      Inode at = directory(parent);
      return looked(name.length() == 1 ? at : inode(at.attr.parent()));
    }
    Inode found = directory(parent).children.get(name);
    return found == null ? null : looked(found);
  }

  @Override
  public void forget(Ino ino, long lookups) {
    Inode inode = inodes.get(ino.value());
    if (inode != null) {
      synchronized (inode) {
        inode.lookups -= lookups;
        if (inode.lookups <= 0 && inode.attr.nlink() == 0) {
          inodes.remove(ino.value());
        }
      }
    }
  }

  @Override
  public Attr getAttr(Request request, Ino ino, long handle) throws FsException, IOException {
    Inode inode = inode(ino);
    synchronized (inode) {
      return inode.attr;
    }
  }

  @Override
  public Attr setAttr(Request request, Ino ino, long handle, AttrChange change) throws FsException {
    Inode inode = inode(ino);
    synchronized (inode) {
      Attr.Editor edit = inode.attr.edit().ctime(now());
      if (change.mode() != null) {
        edit.mode(change.mode());
      }
      if (change.uid() != null) {
        edit.uid(change.uid());
      }
      if (change.gid() != null) {
        edit.gid(change.gid());
      }
      if (change.lengthBytes() != null) {
        inode.content.truncate(change.lengthBytes());
        edit.lengthBytes(change.lengthBytes()).mtime(now());
      }
      if (change.killSuidgid()) {
        edit.mode(inode.attr.mode() & ~(Attr.SETUID | Attr.SETGID));
      }
      if (change.atimeNow()) {
        edit.atime(now());
      } else if (change.atime() != null) {
        edit.atime(change.atime());
      }
      if (change.mtimeNow()) {
        edit.mtime(now());
      } else if (change.mtime() != null) {
        edit.mtime(change.mtime());
      }
      inode.attr = edit.build();
      return inode.attr;
    }
  }

  @Override
  public byte[] readlink(Request request, Ino ino) throws FsException, IOException {
    return inode(ino).target;
  }

  private Inode make(Request request, Ino parent, Name name, FileType type, int mode, int rdev)
      throws FsException {
    Inode directory = directory(parent);
    Inode made = unnamed(request, parent, type, mode, rdev);
    synchronized (directory) {
      if (directory.children.putIfAbsent(name, made) != null) {
        inodes.remove(made.ino.value());
        throw Errno.EEXIST.exception();
      }
      int subdirectories = type == FileType.DIRECTORY ? 1 : 0;
      directory.attr =
          directory
              .attr
              .edit()
              .changed(now())
              .nlink(directory.attr.nlink() + subdirectories)
              .build();
    }
    return made;
  }

  private Inode unnamed(Request request, Ino parent, FileType type, int mode, int rdev) {
    Ino ino = new Ino(lastIno.incrementAndGet());
    Inode made =
        new Inode(
            ino, attr(type, mode, request.caller().uid(), request.caller().gid(), rdev, parent));
    inodes.put(ino.value(), made);
    return made;
  }

  @Override
  public Entry mknod(Request request, Ino parent, Name name, int mode, int umask, int rdev)
      throws FsException, IOException {
    return looked(make(request, parent, name, FileType.ofMode(mode), mode & ~umask, rdev));
  }

  @Override
  public Entry mkdir(Request request, Ino parent, Name name, int mode, int umask)
      throws FsException, IOException {
    return looked(make(request, parent, name, FileType.DIRECTORY, mode & ~umask, 0));
  }

  @Override
  public Entry symlink(Request request, Ino parent, Name name, byte[] target)
      throws FsException, IOException {
    Inode made = make(request, parent, name, FileType.SYMLINK, 0777, 0);
    made.target = target;
    synchronized (made) {
      made.attr = made.attr.edit().lengthBytes(target.length).build();
    }
    return looked(made);
  }

  @Override
  public Entry link(Request request, Ino ino, Ino newParent, Name newName)
      throws FsException, IOException {
    Inode inode = inode(ino);
    if (directory(newParent).children.putIfAbsent(newName, inode) != null) {
      throw Errno.EEXIST.exception();
    }
    changeLinks(inode, 1);
    return looked(inode);
  }

  private static void changeLinks(Inode inode, int by) {
    synchronized (inode) {
      inode.attr = inode.attr.edit().nlink(inode.attr.nlink() + by).ctime(now()).build();
    }
  }

  @Override
  public void unlink(Request request, Ino parent, Name name) throws FsException, IOException {
    Inode removed = directory(parent).children.remove(name);
    if (removed == null) {
      throw Errno.ENOENT.exception();
    }
    dropLink(removed);
  }

  private void dropLink(Inode inode) {
    changeLinks(inode, -1);
    forget(inode.ino, 0);
  }

  @Override
  public void rmdir(Request request, Ino parent, Name name) throws FsException, IOException {
    Inode directory = directory(parent);
    Inode removed = directory.children.get(name);
    if (removed == null) {
      throw Errno.ENOENT.exception();
    }
    if (!removed.attr.isDirectory()) {
      throw Errno.ENOTDIR.exception();
    }
    if (!removed.children.isEmpty()) {
      throw Errno.ENOTEMPTY.exception();
    }
    directory.children.remove(name);
    changeLinks(directory, -1);
    changeLinks(removed, -2);
    forget(removed.ino, 0);
  }

  @Override
  public synchronized void rename(
      Request request, Ino parent, Name name, Ino newParent, Name newName, int flags)
      throws FsException, IOException {
    Inode from = directory(parent);
    Inode to = directory(newParent);
    Inode moved = from.children.get(name);
    Inode replaced = to.children.get(newName);
    if (moved == null) {
      throw Errno.ENOENT.exception();
    }
    if ((flags & 1) != 0 && replaced != null) {
      throw Errno.EEXIST.exception();
    }
    if ((flags & 2) != 0) {
      if (replaced == null) {
        throw Errno.ENOENT.exception();
      }
      from.children.put(name, replaced);
      to.children.put(newName, moved);
      return;
    }
    if (replaced != null && replaced.attr.isDirectory() && !replaced.children.isEmpty()) {
      throw Errno.ENOTEMPTY.exception();
    }
    from.children.remove(name);
    to.children.put(newName, moved);
    if (replaced != null && replaced != moved) {
      dropLink(replaced);
    }
  }

  private Opened opened(Inode inode, int flags) throws FsException {
    boolean writable = (flags & 3) != 0;
    long handle = lastHandle.addAndGet(2) + (writable ? 0 : 1);
    handles.put(handle, new Handle(inode, flags));
    if ((flags & O_TRUNC) != 0) {
      synchronized (inode) {
        inode.content.truncate(0);
        inode.attr = inode.attr.edit().lengthBytes(0).changed(now()).build();
      }
    }
    return new Opened(handle, true, (flags & O_DIRECT) != 0, false);
  }

  @Override
  public Created create(Request request, Ino parent, Name name, int mode, int umask, int flags)
      throws FsException, IOException {
    Inode made = make(request, parent, name, FileType.REGULAR, mode & ~umask, 0);
    return new Created(looked(made), opened(made, flags));
  }

  @Override
  public Created tmpfile(Request request, Ino parent, int mode, int umask, int flags)
      throws FsException, IOException {
    Inode made = unnamed(request, parent, FileType.REGULAR, mode & ~umask, 0);
    changeLinks(made, -1);
    return new Created(looked(made), opened(made, flags));
  }

  @Override
  public Opened open(Request request, Ino ino, int flags) throws FsException, IOException {
    return opened(inode(ino), flags);
  }

  private Handle handle(long number) throws FsException {
    Handle handle = handles.get(number);
    if (handle == null) {
      throw Errno.EBADF.exception();
    }
    return handle;
  }

  @Override
  public ReadData read(Request request, Ino ino, long handle, long offset, int sizeBytes)
      throws FsException, IOException {
    return handle(handle).inode.content.read(offset, sizeBytes);
  }

  @Override
  public int write(
      Request request, Ino ino, long handle, long offset, ByteBuffer data, boolean killSuidgid)
      throws FsException, IOException {
    Handle h = handle(handle);
    Inode inode = h.inode;
    int length = data.remaining();
    synchronized (inode) {
      long at = (h.flags & O_APPEND) != 0 ? inode.attr.lengthBytes() : offset;
      inode.content.write(at, data);
      Attr.Editor edit = inode.attr.edit().changed(now());
      edit.lengthBytes(Math.max(inode.attr.lengthBytes(), at + length));
      if (killSuidgid) {
        edit.mode(inode.attr.mode() & ~(Attr.SETUID | Attr.SETGID));
      }
      inode.attr = edit.build();
    }
    return length;
  }

  @Override
  public void flush(Request request, Ino ino, long handle, long lockOwner)
      throws FsException, IOException {
    handle(handle).inode.locks.releaseRecords(lockOwner);
  }

  @Override
  public void fsync(Request request, Ino ino, long handle, boolean dataOnly)
      throws FsException, IOException {
    handle(handle);
    if (fsyncMillis > 0) {
      request.cancellation().pause(fsyncMillis);
    }
  }

  @Override
  public void release(Request request, Ino ino, long handle, long flockOwner) {
    Handle closed = handles.remove(handle);
    if (closed != null && flockOwner != 0) {
      closed.inode.locks.releaseFlock(flockOwner);
    }
  }

  @Override
  public void fallocate(
      Request request, Ino ino, long handle, int mode, long offset, long lengthBytes)
      throws FsException, IOException {
    boolean keepSize = (mode & 1) != 0;
    Inode inode = handle(handle).inode;
    synchronized (inode) {
      if ((mode & 2) != 0) {
        inode.content.punch(offset, lengthBytes);
      }
      long end = offset + lengthBytes;
      if (!keepSize && end > inode.attr.lengthBytes()) {
        inode.content.truncate(end);
        inode.attr = inode.attr.edit().lengthBytes(end).changed(now()).build();
      }
    }
  }

  @Override
  public long lseek(Request request, Ino ino, long handle, long offset, int whence)
      throws FsException, IOException {
    return handle(handle).inode.content.seek(offset, whence);
  }

  @Override
  public long copyFileRange(
      Request request,
      Ino in,
      long inHandle,
      long inOffset,
      Ino out,
      long outHandle,
      long outOffset,
      long lengthBytes,
      int flags)
      throws FsException, IOException {
    int size = (int) Math.min(lengthBytes, 1 << 20);
    long copied = 0;
    while (copied < lengthBytes) {
      try (ReadData data = read(request, in, inHandle, inOffset + copied, size)) {
        if (data.lengthBytes() == 0) {
          break;
        }
        for (ByteBuffer piece : data.buffers()) {
          copied += write(request, out, outHandle, outOffset + copied, piece, false);
        }
      }
    }
    return copied;
  }

  @Override
  public Opened opendir(Request request, Ino ino, int flags) throws FsException, IOException {
    directory(ino);
    long handle = lastHandle.addAndGet(2) + 1;
    listings.put(handle, List.of());
    return new Opened(handle, false, false, false);
  }

  @Override
  public void readdir(
      Request request, Ino ino, long handle, long offset, boolean plus, DirSink sink)
      throws FsException, IOException {
    Inode directory = directory(ino);
    if (offset == 0) {
      List<Map.Entry<Name, Inode>> all = new ArrayList<>();
      all.add(Map.entry(Name.of("."), directory));
      all.add(Map.entry(Name.of(".."), inode(directory.attr.parent())));
      all.addAll(directory.children.entrySet());
      listings.put(handle, all);
    }
    List<Map.Entry<Name, Inode>> all = listings.get(handle);
    for (int at = (int) offset; at < all.size(); at++) {
      Name name = all.get(at).getKey();
      Inode child = all.get(at).getValue();
      Attr attr = child.attr;
      if (!sink.add(name.bytes(), child.ino, attr.type(), at + 1, plus ? attr : null)) {
        return;
      }
      if (plus && !name.isDotOrDotDot()) {
        synchronized (child) {
          child.lookups++;
        }
      }
    }
  }

  @Override
  public void releasedir(Request request, Ino ino, long handle) {
    listings.remove(handle);
  }

  @Override
  public void fsyncdir(Request request, Ino ino, long handle, boolean dataOnly) {}

  @Override
  public VolumeStat statfs(Request request, Ino ino) {
    return new VolumeStat(1L << 40, 1L << 39, inodes.size(), 1 << 20);
  }

  private static String key(byte[] name) {
    return new String(name, StandardCharsets.UTF_8);
  }

  @Override
  public void setXattr(Request request, Ino ino, byte[] name, byte[] value, int flags)
      throws FsException, IOException {
    Inode inode = inode(ino);
    synchronized (inode) {
      boolean exists = inode.xattrs.containsKey(key(name));
      if (flags == 1 && exists) {
        throw Errno.EEXIST.exception();
      }
      if (flags == 2 && !exists) {
        throw Errno.ENODATA.exception();
      }
      inode.xattrs.put(key(name), value);
    }
  }

  @Override
  public byte[] getXattr(Request request, Ino ino, byte[] name, int sizeBytes)
      throws FsException, IOException {
    Inode inode = inode(ino);
    synchronized (inode) {
      byte[] value = inode.xattrs.get(key(name));
      if (value == null) {
        throw Errno.ENODATA.exception();
      }
      return value;
    }
  }

  @Override
  public List<byte[]> listXattr(Request request, Ino ino, int sizeBytes)
      throws FsException, IOException {
    Inode inode = inode(ino);
    synchronized (inode) {
      return inode.xattrs.keySet().stream().map(k -> k.getBytes(StandardCharsets.UTF_8)).toList();
    }
  }

  @Override
  public void removeXattr(Request request, Ino ino, byte[] name) throws FsException, IOException {
    Inode inode = inode(ino);
    synchronized (inode) {
      if (inode.xattrs.remove(key(name)) == null) {
        throw Errno.ENODATA.exception();
      }
    }
  }

  @Override
  public void access(Request request, Ino ino, int mask) {}

  @Override
  public FileRangeLock getLock(
      Request request, Ino ino, long handle, long owner, FileRangeLock lock)
      throws FsException, IOException {
    return inode(ino).locks.conflict(owner, lock);
  }

  @Override
  public void setLock(
      Request request, Ino ino, long handle, long owner, FileRangeLock lock, boolean wait)
      throws FsException, IOException {
    MemoryLocks locks = inode(ino).locks;
    while (!locks.trySet(owner, lock)) {
      pause(request, wait);
    }
  }

  @Override
  public void flock(
      Request request, Ino ino, long handle, long owner, FileRangeLock.Type type, boolean wait)
      throws FsException, IOException {
    MemoryLocks locks = inode(ino).locks;
    while (!locks.tryFlock(owner, type)) {
      pause(request, wait);
    }
  }

  private static void pause(Request request, boolean wait) throws FsException {
    if (!wait) {
      throw Errno.EAGAIN.exception();
    }
    request.cancellation().pause(5);
  }

  /** Knows FS_IOC_GETFLAGS: answers 0. */
  @Override
  public byte[] ioctl(
      Request request, Ino ino, long handle, int command, long arg, byte[] in, int outBytes)
      throws FsException, IOException {
    if (command != 0x80086601) {
      throw Errno.ENOTTY.exception();
    }
    return new byte[outBytes];
  }
}
