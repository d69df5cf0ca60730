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
 * Changes in whose name requests run, by {@link CallerRules}, before anything else sees them: so
 * the log shows who they have become, as the reference's does. Only whether a virtual file may be
 * opened is asked of the real caller, or root could not read the log of his own mount.
 */
public final class RuledVfs implements VfsOps {
  private final VfsOps vfs;
  private final CallerRules rules;

  private RuledVfs(VfsOps vfs, CallerRules rules) {
    this.vfs = vfs;
    this.rules = rules;
  }

  /** The same file system under rules; itself if there are none. */
  public static VfsOps of(VfsOps vfs, CallerRules rules) {
    return rules.areEmpty() ? vfs : new RuledVfs(vfs, rules);
  }

  private Request asks(Request request, Ino ino) {
    boolean shown = ino.isVirtual() && ino.value() != Ino.FIRST_VIRTUAL + 1;
    return shown ? request : rules.apply(request);
  }

  @Override
  public CacheTimeouts timeouts() {
    return vfs.timeouts();
  }

  @Override
  public void start(KernelNotifier notifier) {
    vfs.start(notifier);
  }

  @Override
  public @Nullable Entry lookup(Request request, Ino parent, Name name)
      throws FsException, IOException {
    return vfs.lookup(rules.apply(request), parent, name);
  }

  @Override
  public void forget(Ino ino, long lookups) {
    vfs.forget(ino, lookups);
  }

  @Override
  public Attr getAttr(Request request, Ino ino, long handle) throws FsException, IOException {
    return vfs.getAttr(rules.apply(request), ino, handle);
  }

  @Override
  public Attr setAttr(Request request, Ino ino, long handle, AttrChange change)
      throws FsException, IOException {
    return vfs.setAttr(rules.apply(request), ino, handle, change);
  }

  @Override
  public byte[] readlink(Request request, Ino ino) throws FsException, IOException {
    return vfs.readlink(rules.apply(request), ino);
  }

  @Override
  public Entry mknod(Request request, Ino parent, Name name, int mode, int umask, int rdev)
      throws FsException, IOException {
    return vfs.mknod(rules.apply(request), parent, name, mode, rules.umaskOr(umask), rdev);
  }

  @Override
  public Entry mkdir(Request request, Ino parent, Name name, int mode, int umask)
      throws FsException, IOException {
    return vfs.mkdir(rules.apply(request), parent, name, mode, rules.umaskOr(umask));
  }

  @Override
  public Entry symlink(Request request, Ino parent, Name name, byte[] target)
      throws FsException, IOException {
    return vfs.symlink(rules.apply(request), parent, name, target);
  }

  @Override
  public Entry link(Request request, Ino ino, Ino newParent, Name newName)
      throws FsException, IOException {
    return vfs.link(rules.apply(request), ino, newParent, newName);
  }

  @Override
  public void unlink(Request request, Ino parent, Name name) throws FsException, IOException {
    vfs.unlink(rules.apply(request), parent, name);
  }

  @Override
  public void rmdir(Request request, Ino parent, Name name) throws FsException, IOException {
    vfs.rmdir(rules.apply(request), parent, name);
  }

  @Override
  public void rename(Request request, Ino parent, Name name, Ino newParent, Name newName, int flags)
      throws FsException, IOException {
    vfs.rename(rules.apply(request), parent, name, newParent, newName, flags);
  }

  @Override
  public Created create(Request request, Ino parent, Name name, int mode, int umask, int flags)
      throws FsException, IOException {
    return vfs.create(rules.apply(request), parent, name, mode, rules.umaskOr(umask), flags);
  }

  @Override
  public Created tmpfile(Request request, Ino parent, int mode, int umask, int flags)
      throws FsException, IOException {
    return vfs.tmpfile(rules.apply(request), parent, mode, rules.umaskOr(umask), flags);
  }

  @Override
  public Opened open(Request request, Ino ino, int flags) throws FsException, IOException {
    return vfs.open(asks(request, ino), ino, flags);
  }

  @Override
  public ReadData read(Request request, Ino ino, long handle, long offset, int sizeBytes)
      throws FsException, IOException {
    return vfs.read(rules.apply(request), ino, handle, offset, sizeBytes);
  }

  @Override
  public int write(
      Request request, Ino ino, long handle, long offset, ByteBuffer data, boolean killSuidgid)
      throws FsException, IOException {
    return vfs.write(rules.apply(request), ino, handle, offset, data, killSuidgid);
  }

  @Override
  public void flush(Request request, Ino ino, long handle, long lockOwner)
      throws FsException, IOException {
    vfs.flush(rules.apply(request), ino, handle, lockOwner);
  }

  @Override
  public void fsync(Request request, Ino ino, long handle, boolean dataOnly)
      throws FsException, IOException {
    vfs.fsync(rules.apply(request), ino, handle, dataOnly);
  }

  @Override
  public void release(Request request, Ino ino, long handle, long flockOwner) {
    vfs.release(rules.apply(request), ino, handle, flockOwner);
  }

  @Override
  public void fallocate(
      Request request, Ino ino, long handle, int mode, long offset, long lengthBytes)
      throws FsException, IOException {
    vfs.fallocate(rules.apply(request), ino, handle, mode, offset, lengthBytes);
  }

  @Override
  public long lseek(Request request, Ino ino, long handle, long offset, int whence)
      throws FsException, IOException {
    return vfs.lseek(rules.apply(request), ino, handle, offset, whence);
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
    return vfs.copyFileRange(
        rules.apply(request),
        in,
        inHandle,
        inOffset,
        out,
        outHandle,
        outOffset,
        lengthBytes,
        flags);
  }

  @Override
  public Opened opendir(Request request, Ino ino, int flags) throws FsException, IOException {
    return vfs.opendir(rules.apply(request), ino, flags);
  }

  @Override
  public void readdir(
      Request request, Ino ino, long handle, long offset, boolean plus, DirSink sink)
      throws FsException, IOException {
    vfs.readdir(rules.apply(request), ino, handle, offset, plus, sink);
  }

  @Override
  public void releasedir(Request request, Ino ino, long handle) {
    vfs.releasedir(rules.apply(request), ino, handle);
  }

  @Override
  public void fsyncdir(Request request, Ino ino, long handle, boolean dataOnly)
      throws FsException, IOException {
    vfs.fsyncdir(rules.apply(request), ino, handle, dataOnly);
  }

  @Override
  public VolumeStat statfs(Request request, Ino ino) throws FsException, IOException {
    return vfs.statfs(rules.apply(request), ino);
  }

  @Override
  public void setXattr(Request request, Ino ino, byte[] name, byte[] value, int flags)
      throws FsException, IOException {
    vfs.setXattr(rules.apply(request), ino, name, value, flags);
  }

  @Override
  public byte[] getXattr(Request request, Ino ino, byte[] name, int sizeBytes)
      throws FsException, IOException {
    return vfs.getXattr(rules.apply(request), ino, name, sizeBytes);
  }

  @Override
  public List<byte[]> listXattr(Request request, Ino ino, int sizeBytes)
      throws FsException, IOException {
    return vfs.listXattr(rules.apply(request), ino, sizeBytes);
  }

  @Override
  public void removeXattr(Request request, Ino ino, byte[] name) throws FsException, IOException {
    vfs.removeXattr(rules.apply(request), ino, name);
  }

  @Override
  public void access(Request request, Ino ino, int mask) throws FsException, IOException {
    vfs.access(rules.apply(request), ino, mask);
  }

  @Override
  public FileRangeLock getLock(
      Request request, Ino ino, long handle, long owner, FileRangeLock lock)
      throws FsException, IOException {
    return vfs.getLock(rules.apply(request), ino, handle, owner, lock);
  }

  @Override
  public void setLock(
      Request request, Ino ino, long handle, long owner, FileRangeLock lock, boolean wait)
      throws FsException, IOException {
    vfs.setLock(rules.apply(request), ino, handle, owner, lock, wait);
  }

  @Override
  public void flock(
      Request request, Ino ino, long handle, long owner, FileRangeLock.Type type, boolean wait)
      throws FsException, IOException {
    vfs.flock(rules.apply(request), ino, handle, owner, type, wait);
  }

  @Override
  public byte[] ioctl(
      Request request, Ino ino, long handle, int command, long arg, byte[] in, int outBytes)
      throws FsException, IOException {
    return vfs.ioctl(rules.apply(request), ino, handle, command, arg, in, outBytes);
  }

  @Override
  public void stop() throws IOException {
    vfs.stop();
  }
}
