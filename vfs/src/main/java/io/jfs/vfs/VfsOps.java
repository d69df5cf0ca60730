package io.jfs.vfs;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The file system as a front end calls it: inode based, one method per kernel operation, thread
 * safe.
 *
 * <p>Every method may throw {@link FsException} (a refusal, an errno), {@link IOException} (the
 * object store failed for longer than the mount's patience) or an unchecked exception (an engine
 * outage, a corrupt record, a defect); the front end's one reply turns the last two into EIO. Flags
 * and modes are Linux' numbers as the kernel sends them. Virtual files answer through the same
 * methods.
 */
public interface VfsOps {
  /** How long answers may be cached by the kernel. */
  CacheTimeouts timeouts();

  /** Called once before the first request, with the way to invalidate the kernel's caches. */
  void start(KernelNotifier notifier);

  /** The entry under a name; null if there is none. lookup in path_resolution(7). */
  @Nullable Entry lookup(Request request, Ino parent, Name name) throws FsException, IOException;

  /** The kernel dropped {@code lookups} references that entry answers had given it. */
  void forget(Ino ino, long lookups);

  /** stat(2). {@code handle} is -1 when there is none. */
  Attr getAttr(Request request, Ino ino, long handle) throws FsException, IOException;

  /** chmod, chown, truncate, utimensat in one. {@code handle} is -1 when there is none. */
  Attr setAttr(Request request, Ino ino, long handle, AttrChange change)
      throws FsException, IOException;

  /** readlink(2): the target's raw bytes. */
  byte[] readlink(Request request, Ino ino) throws FsException, IOException;

  /** mknod(2); {@code mode} has the type bits. */
  Entry mknod(Request request, Ino parent, Name name, int mode, int umask, int rdev)
      throws FsException, IOException;

  /** mkdir(2). */
  Entry mkdir(Request request, Ino parent, Name name, int mode, int umask)
      throws FsException, IOException;

  /** symlink(2). */
  Entry symlink(Request request, Ino parent, Name name, byte[] target)
      throws FsException, IOException;

  /** link(2): a further name for {@code ino}. */
  Entry link(Request request, Ino ino, Ino newParent, Name newName) throws FsException, IOException;

  /** unlink(2). */
  void unlink(Request request, Ino parent, Name name) throws FsException, IOException;

  /** rmdir(2). */
  void rmdir(Request request, Ino parent, Name name) throws FsException, IOException;

  /** renameat2(2); {@code flags}: 1 NOREPLACE, 2 EXCHANGE, 4 WHITEOUT. */
  void rename(Request request, Ino parent, Name name, Ino newParent, Name newName, int flags)
      throws FsException, IOException;

  /** open(2) with O_CREAT. {@code flags} are open's. */
  Created create(Request request, Ino parent, Name name, int mode, int umask, int flags)
      throws FsException, IOException;

  /** open(2) with O_TMPFILE: a file without a name, which linkat(2) may give one. */
  Created tmpfile(Request request, Ino parent, int mode, int umask, int flags)
      throws FsException, IOException;

  /** open(2) of an existing file. */
  Opened open(Request request, Ino ino, int flags) throws FsException, IOException;

  /** read(2) at an offset. Fewer bytes than asked only at end of file. */
  ReadData read(Request request, Ino ino, long handle, long offset, int sizeBytes)
      throws FsException, IOException;

  /**
   * write(2) at an offset, whole. {@code data} is BORROWED: it may be used only until the method
   * returns. With O_APPEND in the handle's flags the data goes to the end of the file, whatever
   * {@code offset} says.
   *
   * @param killSuidgid drop setuid/setgid as write(2) by a non-owner does (FUSE_WRITE_KILL_SUIDGID)
   */
  int write(
      Request request, Ino ino, long handle, long offset, ByteBuffer data, boolean killSuidgid)
      throws FsException, IOException;

  /**
   * A descriptor was closed: everything written is durable and visible when this returns; the
   * owner's POSIX locks go.
   */
  void flush(Request request, Ino ino, long handle, long lockOwner) throws FsException, IOException;

  /** fsync(2), fdatasync(2). */
  void fsync(Request request, Ino ino, long handle, boolean dataOnly)
      throws FsException, IOException;

  /**
   * The last descriptor of a handle was closed. {@code flockOwner} is 0 if it never held a flock.
   * Never refuses.
   */
  void release(Request request, Ino ino, long handle, long flockOwner);

  /** fallocate(2). */
  void fallocate(Request request, Ino ino, long handle, int mode, long offset, long lengthBytes)
      throws FsException, IOException;

  /** lseek(2) with SEEK_DATA (3) or SEEK_HOLE (4). ENXIO behind the end. */
  long lseek(Request request, Ino ino, long handle, long offset, int whence)
      throws FsException, IOException;

  /** copy_file_range(2): the number of bytes copied. */
  long copyFileRange(
      Request request,
      Ino in,
      long inHandle,
      long inOffset,
      Ino out,
      long outHandle,
      long outOffset,
      long lengthBytes,
      int flags)
      throws FsException, IOException;

  /** opendir(3). */
  Opened opendir(Request request, Ino ino, int flags) throws FsException, IOException;

  /**
   * readdir(3) from the cookie {@code offset} on (0: from the start), with attributes if {@code
   * plus}.
   */
  void readdir(Request request, Ino ino, long handle, long offset, boolean plus, DirSink sink)
      throws FsException, IOException;

  /** closedir(3). Never refuses. */
  void releasedir(Request request, Ino ino, long handle);

  /** fsync(2) of a directory. */
  void fsyncdir(Request request, Ino ino, long handle, boolean dataOnly)
      throws FsException, IOException;

  /** statfs(2). */
  VolumeStat statfs(Request request, Ino ino) throws FsException, IOException;

  /** setxattr(2); {@code flags}: 0, XATTR_CREATE 1, XATTR_REPLACE 2. */
  void setXattr(Request request, Ino ino, byte[] name, byte[] value, int flags)
      throws FsException, IOException;

  /**
   * getxattr(2): the whole value; the caller refuses what does not fit. ENODATA if absent.
   *
   * @param sizeBytes what the caller has room for, for the log of operations
   */
  byte[] getXattr(Request request, Ino ino, byte[] name, int sizeBytes)
      throws FsException, IOException;

  /** listxattr(2): the names; {@code sizeBytes} as for {@link #getXattr}. */
  List<byte[]> listXattr(Request request, Ino ino, int sizeBytes) throws FsException, IOException;

  /** removexattr(2). ENODATA if absent. */
  void removeXattr(Request request, Ino ino, byte[] name) throws FsException, IOException;

  /** access(2); {@code mask}: R 4, W 2, X 1. */
  void access(Request request, Ino ino, int mask) throws FsException, IOException;

  /** fcntl(2) F_GETLK: a lock that conflicts, or type UNLOCK. */
  FileRangeLock getLock(Request request, Ino ino, long handle, long owner, FileRangeLock lock)
      throws FsException, IOException;

  /** fcntl(2) F_SETLK, or F_SETLKW if {@code wait}. EAGAIN; EINTR when cancelled. */
  void setLock(Request request, Ino ino, long handle, long owner, FileRangeLock lock, boolean wait)
      throws FsException, IOException;

  /** flock(2); UNLOCK releases. EAGAIN (EWOULDBLOCK); EINTR when cancelled. */
  void flock(
      Request request, Ino ino, long handle, long owner, FileRangeLock.Type type, boolean wait)
      throws FsException, IOException;

  /**
   * ioctl(2) with fixed-size data: the bytes to copy out, at most {@code outBytes}. ENOTTY if
   * unknown.
   */
  byte[] ioctl(
      Request request, Ino ino, long handle, int command, long arg, byte[] in, int outBytes)
      throws FsException, IOException;

  /** The mount is going away: flush everything. Called once, after the last request. */
  void stop() throws IOException;
}
