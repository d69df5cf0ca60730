package io.jfs.vfs;

import io.jfs.chunk.slice.SliceStore;
import io.jfs.meta.Meta;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.NewInode;
import io.jfs.vfs.attr.ChangeStamps;
import io.jfs.vfs.compact.CompactionPolicy;
import io.jfs.vfs.compact.Compactor;
import io.jfs.vfs.control.ControlCommands;
import io.jfs.vfs.handle.DirHandle.Extra;
import io.jfs.vfs.handle.DirHandles;
import io.jfs.vfs.handle.HandleLedger;
import io.jfs.vfs.handle.HandleTable;
import io.jfs.vfs.handle.KeptHandles;
import io.jfs.vfs.handle.OpenFile;
import io.jfs.vfs.handle.OpenFiles;
import io.jfs.vfs.read.Readers;
import io.jfs.vfs.stats.Metric;
import io.jfs.vfs.stats.StatsSource;
import io.jfs.vfs.virtual.AccessLog;
import io.jfs.vfs.virtual.VirtualFiles;
import io.jfs.vfs.write.Writers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A mounted volume. Decides which part answers: the virtual files, or names, files, attributes and
 * locks of what is stored. Owns the threads behind the writers; not the volume and the store.
 */
public final class Vfs implements VfsOps {
  private static final Metric OPEN_HANDLERS =
      Metric.gauge("fuse_open_handlers", "Inodes with open handles.");
  private static final Metric READ_BUFFERS =
      Metric.gauge("used_read_buffer_size_bytes", "Memory for data in answers to reads, in bytes.");

  private final Meta meta;
  private final VfsConfig config;
  private final HandleTable handles;
  private final KeptHandles kept;
  private final Writers writers;
  private final OpenFiles openFiles;
  private final DirHandles dirs;
  private final VirtualFiles virtual;
  private final FileOps files;
  private final AttrOps attrs;
  private final NameOps names;
  private final LockOps locks;
  private final InodeFlags inodeFlags;
  private final Compactor compactor;
  private final ControlCommands control;
  private final List<StatsSource> stats;

  /**
   * What a mount is made of.
   *
   * @param meta the volume's names; stays the caller's
   * @param store the volume's bytes; stays the caller's
   * @param memoryShort whether somebody waits for write memory
   * @param owner who owns the virtual files
   * @param accessLog where operations are logged; see {@link LoggedVfs}
   * @param configJson the content of {@code .config}
   * @param stats what {@code .stats} shows, besides open files
   * @param continued what outlives this process
   */
  public record Parts(
      Meta meta,
      SliceStore store,
      InstantSource clock,
      BooleanSupplier memoryShort,
      VirtualFiles.Owner owner,
      AccessLog accessLog,
      Supplier<String> configJson,
      List<StatsSource> stats,
      Continued continued) {}

  /**
   * How a mount goes on when its serving process is replaced.
   *
   * @param era how many processes have served it before this one
   * @param ledger where open handles are kept; null if the mount ends with this process
   */
  public record Continued(int era, @Nullable HandleLedger ledger) {
    /** The mount ends with this process. */
    public static final Continued NOT = new Continued(0, null);
  }

  /** Ready to serve. */
  public Vfs(VfsConfig config, Parts parts) {
    this.meta = parts.meta;
    this.config = config;
    ChangeStamps stamps = new ChangeStamps();
    this.handles = new HandleTable(parts.continued.era);
    this.kept = new KeptHandles(meta, parts.clock, parts.continued.ledger);
    this.writers = new Writers(meta, parts.store, config, parts.clock, parts.memoryShort);
    this.compactor = new Compactor(meta, parts.store, this::compacted);
    meta.onFragmentedChunk(
        (ino, index, records) -> {
          if (CompactionPolicy.isDueAfterWrite(records)) {
            compactor.request(ino, index);
          }
        });
    Readers readers = new Readers(meta, parts.store, config, compactor);
    this.openFiles = new OpenFiles(meta, handles, kept, writers, readers, stamps, config);
    this.locks = new LockOps(meta, openFiles);
    this.files = new FileOps(meta, openFiles, stamps, locks);
    this.attrs = new AttrOps(meta, openFiles, files, stamps, config);
    this.dirs =
        new DirHandles(handles, kept, meta, stamps, config.listingOrder(), attrs::localViewIfKnown);
    this.names = new NameOps(meta, dirs, stamps, attrs);
    this.inodeFlags = new InodeFlags(attrs);
    this.control = new ControlCommands(meta, parts.store, compactor, config.blockSizeBytes());
    this.stats = new ArrayList<>(parts.stats);
    stats.add(sink -> sink.count(OPEN_HANDLERS, openFiles.count()));
    stats.add(sink -> sink.count(READ_BUFFERS, readers.lentBytes().sum()));
    stats.add(compactor);
    this.virtual =
        new VirtualFiles(
            config,
            handles,
            parts.owner,
            parts.clock.instant(),
            new VirtualFiles.Contents(parts.accessLog, this.stats, parts.configJson, control));
  }

  private void compacted(Ino ino, int index) {
    OpenFile file = openFiles.file(ino);
    if (file != null) {
      file.reader().changed(index);
    }
  }

  /** All that this mount measures: what {@code .stats} shows. */
  public List<StatsSource> stats() {
    return List.copyOf(stats);
  }

  /** Compacts chunks. */
  public Compactor compactor() {
    return compactor;
  }

  @Override
  public CacheTimeouts timeouts() {
    return config.timeouts();
  }

  @Override
  public void start(KernelNotifier notifier) {}

  // ---- names ----

  @Override
  public @Nullable Entry lookup(Request request, Ino parent, Name name) throws FsException {
    Entry entry = virtual.lookup(parent, name);
    if (entry != null) {
      return entry;
    }
    if (virtual.isTrash(parent, name)) {
      return new Entry(Ino.TRASH_ROOT, virtual.trashAttr());
    }
    return names.lookup(request, parent, name);
  }

  @Override
  public void forget(Ino ino, long lookups) {}

  @Override
  public Entry mknod(Request request, Ino parent, Name name, int mode, int umask, int rdev)
      throws FsException {
    refuseReserved(parent, name, Errno.EEXIST);
    return names.mknod(request, parent, name, mode, umask, rdev);
  }

  @Override
  public Entry mkdir(Request request, Ino parent, Name name, int mode, int umask)
      throws FsException {
    refuseReserved(parent, name, Errno.EEXIST);
    return names.create(request, parent, name, NewInode.directory(mode & 07777, umask));
  }

  @Override
  public Entry symlink(Request request, Ino parent, Name name, byte[] target) throws FsException {
    refuseReserved(parent, name, Errno.EEXIST);
    return names.symlink(request, parent, name, target);
  }

  @Override
  public Entry link(Request request, Ino ino, Ino newParent, Name newName) throws FsException {
    refuseVirtual(ino);
    refuseReserved(newParent, newName, Errno.EPERM);
    return names.link(request, ino, newParent, newName);
  }

  @Override
  public void unlink(Request request, Ino parent, Name name) throws FsException {
    refuseReserved(parent, name, Errno.EPERM);
    names.unlink(request, parent, name);
  }

  @Override
  public void rmdir(Request request, Ino parent, Name name) throws FsException {
    refuseReserved(parent, name, Errno.EPERM);
    names.rmdir(request, parent, name);
  }

  @Override
  public void rename(Request request, Ino parent, Name name, Ino newParent, Name newName, int flags)
      throws FsException {
    refuseReserved(parent, name, Errno.EPERM);
    refuseReserved(newParent, newName, Errno.EPERM);
    names.rename(request, parent, name, newParent, newName, flags);
  }

  private void refuseReserved(Ino parent, Name name, Errno errno) throws FsException {
    if (virtual.isReserved(parent, name)) {
      throw errno.exception();
    }
  }

  private static void refuseVirtual(Ino ino) throws FsException {
    if (ino.isVirtual()) {
      throw Errno.EPERM.exception();
    }
  }

  @Override
  public byte[] readlink(Request request, Ino ino) throws FsException {
    if (ino.isVirtual()) {
      throw Errno.EINVAL.exception();
    }
    return meta.readlink(ino);
  }

  // ---- directories ----

  @Override
  public Opened opendir(Request request, Ino ino, int flags) throws FsException {
    if (!request.caller().isRoot()) {
      meta.access(request.caller(), ino, 4);
    }
    boolean cached = config.cacheListings();
    return new Opened(dirs.open(ino, extras(ino)).number(), cached, false, cached);
  }

  private List<Extra> extras(Ino directory) {
    return directory.equals(Ino.ROOT) ? virtual.rootExtras() : List.of();
  }

  @Override
  public void readdir(
      Request request, Ino ino, long handle, long offset, boolean plus, DirSink sink)
      throws FsException {
    int unused = dirs.require(handle, this::extras).read(request.caller(), offset, plus, sink);
  }

  @Override
  public void releasedir(Request request, Ino ino, long handle) {
    dirs.close(handle);
  }

  @Override
  public void fsyncdir(Request request, Ino ino, long handle, boolean dataOnly) {
    meta.sync();
  }

  // ---- files ----

  @Override
  public Created create(Request request, Ino parent, Name name, int mode, int umask, int flags)
      throws FsException, IOException {
    refuseReserved(parent, name, Errno.EEXIST);
    Created created =
        files.create(request, parent, name, NewInode.file(mode & 07777, umask), flags);
    names.created(parent, name);
    return created;
  }

  @Override
  public Created tmpfile(Request request, Ino parent, int mode, int umask, int flags)
      throws FsException {
    return files.tmpfile(request, parent, NewInode.file(mode & 07777, umask), flags);
  }

  @Override
  public Opened open(Request request, Ino ino, int flags) throws FsException, IOException {
    return ino.isVirtual() ? virtual.open(request, ino, flags) : files.open(request, ino, flags);
  }

  @Override
  public ReadData read(Request request, Ino ino, long handle, long offset, int sizeBytes)
      throws FsException, IOException {
    return ino.isVirtual()
        ? virtual.read(request, ino, handle, offset, sizeBytes)
        : files.read(request, handle, offset, sizeBytes);
  }

  @Override
  public int write(
      Request request, Ino ino, long handle, long offset, ByteBuffer data, boolean killSuidgid)
      throws FsException, IOException {
    return ino.isVirtual()
        ? virtual.write(request, handle, offset, data)
        : files.write(request, handle, offset, data, killSuidgid);
  }

  @Override
  public void flush(Request request, Ino ino, long handle, long lockOwner) throws FsException {
    if (ino.isVirtual()) {
      virtual.flush(handle);
    } else {
      files.flush(request, ino, handle, lockOwner);
    }
  }

  @Override
  public void fsync(Request request, Ino ino, long handle, boolean dataOnly) throws FsException {
    if (!ino.isVirtual()) {
      files.fsync(request, handle);
    }
  }

  @Override
  public void release(Request request, Ino ino, long handle, long flockOwner) {
    if (ino.isVirtual()) {
      virtual.release(handle);
    } else {
      files.release(request, ino, handle, flockOwner);
    }
  }

  @Override
  public void fallocate(
      Request request, Ino ino, long handle, int mode, long offset, long lengthBytes)
      throws FsException, IOException {
    refuseVirtual(ino);
    files.fallocate(request, handle, mode, offset, lengthBytes);
  }

  @Override
  public long lseek(Request request, Ino ino, long handle, long offset, int whence)
      throws FsException, IOException {
    refuseVirtual(ino);
    return files.seek(request, handle, offset, whence);
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
    if (in.isVirtual()) {
      throw Errno.EOPNOTSUPP.exception();
    }
    refuseVirtual(out);
    return files.copyRange(request, inHandle, inOffset, outHandle, outOffset, lengthBytes, flags);
  }

  // ---- attributes ----

  @Override
  public Attr getAttr(Request request, Ino ino, long handle) throws FsException {
    if (ino.isVirtual()) {
      return virtual.attr(ino);
    }
    return ino.equals(Ino.TRASH_ROOT) ? virtual.trashAttr() : attrs.getAttr(ino);
  }

  @Override
  public Attr setAttr(Request request, Ino ino, long handle, AttrChange change)
      throws FsException, IOException {
    if (!ino.isVirtual()) {
      return attrs.setAttr(request, ino, handle, change);
    }
    if (change.lengthBytes() != null && !isControl(ino)) {
      throw Errno.EPERM.exception();
    }
    return virtual.attr(ino);
  }

  private static boolean isControl(Ino ino) {
    return ino.value() == Ino.FIRST_VIRTUAL + 1;
  }

  @Override
  public void access(Request request, Ino ino, int mask) throws FsException {
    if (!ino.isVirtual()) {
      meta.access(request.caller(), ino, mask);
    }
  }

  @Override
  public VolumeStat statfs(Request request, Ino ino) throws FsException {
    return attrs.statfs(ino.isVirtual() ? Ino.ROOT : ino);
  }

  @Override
  public void setXattr(Request request, Ino ino, byte[] name, byte[] value, int flags)
      throws FsException {
    refuseVirtual(ino);
    attrs.setXattr(request, ino, name, value, flags);
  }

  @Override
  public byte[] getXattr(Request request, Ino ino, byte[] name, int sizeBytes) throws FsException {
    if (ino.isVirtual() || ino.equals(Ino.TRASH_ROOT)) {
      throw Errno.ENODATA.exception();
    }
    return attrs.getXattr(ino, name);
  }

  @Override
  public List<byte[]> listXattr(Request request, Ino ino, int sizeBytes) throws FsException {
    if (ino.isVirtual()) {
      throw Errno.ENODATA.exception();
    }
    return ino.equals(Ino.TRASH_ROOT) ? List.of() : attrs.listXattr(ino);
  }

  @Override
  public void removeXattr(Request request, Ino ino, byte[] name) throws FsException {
    refuseVirtual(ino);
    attrs.removeXattr(request, ino, name);
  }

  // ---- locks and the rest ----

  @Override
  public FileRangeLock getLock(
      Request request, Ino ino, long handle, long owner, FileRangeLock lock) throws FsException {
    refuseVirtual(ino);
    return locks.getLock(ino, owner, lock);
  }

  @Override
  public void setLock(
      Request request, Ino ino, long handle, long owner, FileRangeLock lock, boolean wait)
      throws FsException {
    refuseVirtual(ino);
    locks.setLock(request, ino, handle, owner, lock, wait);
  }

  @Override
  public void flock(
      Request request, Ino ino, long handle, long owner, FileRangeLock.Type type, boolean wait)
      throws FsException {
    refuseVirtual(ino);
    locks.flock(request, ino, handle, owner, type, wait);
  }

  @Override
  public byte[] ioctl(
      Request request, Ino ino, long handle, int command, long arg, byte[] in, int outBytes)
      throws FsException, IOException {
    if (ino.isVirtual()) {
      throw Errno.ENOTTY.exception();
    }
    return inodeFlags.ioctl(request, ino, command, in, outBytes);
  }

  /** Number of handles that are open, of files, directories and virtual files. */
  public int openHandles() {
    return handles.size();
  }

  /**
   * Stores all that was written, before another process goes on with the mount.
   *
   * @return whether nothing is left; if not, this process has to go on
   */
  public boolean flushAll() {
    return openFiles.flushAll();
  }

  @Override
  public void stop() {
    control.close();
    compactor.close();
    boolean unused = openFiles.flushAll();
    writers.close();
  }
}
