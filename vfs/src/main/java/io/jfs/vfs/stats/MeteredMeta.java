package io.jfs.vfs.stats;

import io.jfs.meta.FragmentedChunkListener;
import io.jfs.meta.Meta;
import io.jfs.meta.TreeWork;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.AttrUpdate;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.DirEntry;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.FallocateMode;
import io.jfs.meta.model.Format;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.LockOwner;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.NewInode;
import io.jfs.meta.model.PosixLock;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.model.VolumeUsage;
import io.jfs.meta.ops.Clone;
import io.jfs.meta.ops.CompactChunk;
import io.jfs.meta.ops.CompactionPlan;
import io.jfs.meta.txn.Page;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reports every operation on metadata to {@link MetaStats}. Does not own the volume. */
public final class MeteredMeta implements Meta {
  private final Meta meta;
  private final MetaStats stats;

  /** Reports the operations on {@code meta}. */
  public MeteredMeta(Meta meta, MetaStats stats) {
    this.meta = meta;
    this.stats = stats;
  }

  @FunctionalInterface
  private interface Call<T extends @Nullable Object> {
    T run() throws FsException;
  }

  @FunctionalInterface
  private interface Action {
    void run() throws FsException;
  }

  private <T extends @Nullable Object> T call(MetaOp op, Call<T> call) throws FsException {
    long start = stats.begun(op);
    try {
      return call.run();
    } finally {
      stats.ended(op, start);
    }
  }

  private void run(MetaOp op, Action action) throws FsException {
    long start = stats.begun(op);
    try {
      action.run();
    } finally {
      stats.ended(op, start);
    }
  }

  @Override
  public Format format() {
    return meta.format();
  }

  @Override
  public long sessionId() {
    return meta.sessionId();
  }

  @Override
  public VolumeUsage usage(Ino ino) throws FsException {
    return call(MetaOp.STAT_FS, () -> meta.usage(ino));
  }

  @Override
  public void sync() {
    meta.sync();
  }

  @Override
  public @Nullable Entry lookup(Caller caller, Ino parent, Name name) throws FsException {
    long start = stats.begun(MetaOp.LOOKUP);
    try {
      return meta.lookup(caller, parent, name);
    } finally {
      stats.ended(MetaOp.LOOKUP, start);
    }
  }

  @Override
  public Attr getAttr(Ino ino) throws FsException {
    return call(MetaOp.GET_ATTR, () -> meta.getAttr(ino));
  }

  @Override
  public Attr getRecentAttr(Ino ino) throws FsException {
    return call(MetaOp.GET_ATTR, () -> meta.getRecentAttr(ino));
  }

  @Override
  public Ino knownParent(Ino directory) throws FsException {
    return meta.knownParent(directory);
  }

  @Override
  public OpenedInode open(Caller caller, Ino ino, OpenMode mode) throws FsException {
    return call(MetaOp.OPEN, () -> meta.open(caller, ino, mode));
  }

  @Override
  public void opened(Ino ino) {
    meta.opened(ino);
  }

  @Override
  public void close(Ino ino) {
    long start = stats.begun(MetaOp.CLOSE);
    meta.close(ino);
    stats.ended(MetaOp.CLOSE, start);
  }

  @Override
  public Entry create(Caller caller, Ino parent, Name name, NewInode inode) throws FsException {
    return call(MetaOp.MKNOD, () -> meta.create(caller, parent, name, inode));
  }

  @Override
  public Entry createUnnamed(Caller caller, Ino directory, NewInode inode) throws FsException {
    return call(MetaOp.MKNOD, () -> meta.createUnnamed(caller, directory, inode));
  }

  @Override
  public Entry link(Caller caller, Ino ino, Ino newParent, Name newName) throws FsException {
    return call(MetaOp.LINK, () -> meta.link(caller, ino, newParent, newName));
  }

  @Override
  public Ino unlink(Caller caller, Ino parent, Name name) throws FsException {
    return call(MetaOp.UNLINK, () -> meta.unlink(caller, parent, name));
  }

  @Override
  public long removeTree(Caller caller, Ino parent, Name name, Disposal disposal, TreeWork work)
      throws FsException {
    return call(MetaOp.REMOVE, () -> meta.removeTree(caller, parent, name, disposal, work));
  }

  @Override
  public Ino clone(
      Caller caller, Ino source, Ino parent, Name name, Clone.Style style, TreeWork work)
      throws FsException {
    return call(MetaOp.CLONE, () -> meta.clone(caller, source, parent, name, style, work));
  }

  @Override
  public void rmdir(Caller caller, Ino parent, Name name) throws FsException {
    run(MetaOp.RMDIR, () -> meta.rmdir(caller, parent, name));
  }

  @Override
  public void rename(Caller caller, Ino parent, Name name, Ino newParent, Name newName, int flags)
      throws FsException {
    run(MetaOp.RENAME, () -> meta.rename(caller, parent, name, newParent, newName, flags));
  }

  @Override
  public byte[] readlink(Ino ino) throws FsException {
    return call(MetaOp.READ_LINK, () -> meta.readlink(ino));
  }

  @Override
  public Page<DirEntry> readdir(
      Caller caller, Ino ino, @Nullable Object from, int limit, boolean withAttributes)
      throws FsException {
    return call(
        MetaOp.NEW_DIR_HANDLER, () -> meta.readdir(caller, ino, from, limit, withAttributes));
  }

  @Override
  public int entriesPerRequest() {
    return meta.entriesPerRequest();
  }

  @Override
  public List<String> paths(Ino ino) throws FsException {
    return call(MetaOp.GET_PATHS, () -> meta.paths(ino));
  }

  @Override
  public Attr setAttr(Caller caller, Ino ino, AttrUpdate update) throws FsException {
    return call(MetaOp.SET_ATTR, () -> meta.setAttr(caller, ino, update));
  }

  @Override
  public void access(Caller caller, Ino ino, int mask) throws FsException {
    run(MetaOp.ACCESS, () -> meta.access(caller, ino, mask));
  }

  @Override
  public void touchAccessTime(Ino ino, Attr attr) {
    meta.touchAccessTime(ino, attr);
  }

  @Override
  public byte[] getXattr(Ino ino, Name name) throws FsException {
    return call(MetaOp.GET_XATTR, () -> meta.getXattr(ino, name));
  }

  @Override
  public void setXattr(Caller caller, Ino ino, Name name, byte[] value, int flags)
      throws FsException {
    run(MetaOp.SET_XATTR, () -> meta.setXattr(caller, ino, name, value, flags));
  }

  @Override
  public List<Name> listXattr(Ino ino) throws FsException {
    return call(MetaOp.LIST_XATTR, () -> meta.listXattr(ino));
  }

  @Override
  public void removeXattr(Caller caller, Ino ino, Name name) throws FsException {
    run(MetaOp.REMOVE_XATTR, () -> meta.removeXattr(caller, ino, name));
  }

  @Override
  public long newSliceId() {
    return meta.newSliceId();
  }

  @Override
  public List<Slice> readChunk(Ino ino, int index) throws FsException {
    return call(MetaOp.READ, () -> meta.readChunk(ino, index));
  }

  @Override
  public Attr writeSlices(Ino ino, List<ChunkSlice> slices, Timestamp mtime) throws FsException {
    return call(MetaOp.WRITE, () -> meta.writeSlices(ino, slices, mtime));
  }

  @Override
  public Attr truncate(Caller caller, Ino ino, long lengthBytes, boolean throughHandle)
      throws FsException {
    return call(MetaOp.TRUNCATE, () -> meta.truncate(caller, ino, lengthBytes, throughHandle));
  }

  @Override
  public Attr fallocate(
      Caller caller,
      Ino ino,
      FallocateMode mode,
      long offset,
      long lengthBytes,
      boolean killSuidgid)
      throws FsException {
    return call(
        MetaOp.FALLOCATE,
        () -> meta.fallocate(caller, ino, mode, offset, lengthBytes, killSuidgid));
  }

  @Override
  public Copied copyRange(
      Caller caller, Ino in, long inOffset, Ino out, long outOffset, long lengthBytes)
      throws FsException {
    return call(
        MetaOp.COPY_FILE_RANGE,
        () -> meta.copyRange(caller, in, inOffset, out, outOffset, lengthBytes));
  }

  @Override
  public void onFragmentedChunk(FragmentedChunkListener listener) {
    meta.onFragmentedChunk(listener);
  }

  @Override
  public @Nullable CompactionPlan planCompaction(Ino ino, int index) throws FsException {
    return meta.planCompaction(ino, index);
  }

  @Override
  public CompactChunk.Result commitCompaction(CompactionPlan plan, long newSliceId)
      throws FsException {
    return call(MetaOp.COMPACT_CHUNK, () -> meta.commitCompaction(plan, newSliceId));
  }

  @Override
  public void flock(Ino ino, LockOwner owner, boolean exclusive) throws FsException {
    run(MetaOp.FLOCK, () -> meta.flock(ino, owner, exclusive));
  }

  @Override
  public void unflock(Ino ino, LockOwner owner) throws FsException {
    run(MetaOp.FLOCK, () -> meta.unflock(ino, owner));
  }

  @Override
  public @Nullable PosixLock findConflict(Ino ino, LockOwner owner, PosixLock wanted)
      throws FsException {
    long start = stats.begun(MetaOp.GETLK);
    try {
      return meta.findConflict(ino, owner, wanted);
    } finally {
      stats.ended(MetaOp.GETLK, start);
    }
  }

  @Override
  public void lock(Ino ino, LockOwner owner, PosixLock wanted) throws FsException {
    run(MetaOp.SETLK, () -> meta.lock(ino, owner, wanted));
  }

  @Override
  public void unlock(Ino ino, LockOwner owner, long start, long end) throws FsException {
    run(MetaOp.SETLK, () -> meta.unlock(ino, owner, start, end));
  }

  @Override
  public List<HeldLock> locks(Ino ino) throws FsException {
    return call(MetaOp.LIST_LOCKS, () -> meta.locks(ino));
  }

  @Override
  public void close() {
    meta.close();
  }
}
