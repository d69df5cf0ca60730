package io.jfs.meta;

import io.jfs.meta.admin.VolumeAdmin;
import io.jfs.meta.background.HourlyJobs;
import io.jfs.meta.background.QuotaAudit;
import io.jfs.meta.background.QuotaBook;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.AttrUpdate;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.DirEntry;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FallocateMode;
import io.jfs.meta.model.Format;
import io.jfs.meta.model.FormatException;
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
import io.jfs.meta.ops.Fallocate;
import io.jfs.meta.ops.Truncate;
import io.jfs.meta.session.SessionFacts;
import io.jfs.meta.session.SessionRegister;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.Page;
import io.jfs.meta.txn.TxnMetrics;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client of a volume: the facade over its parts. It only delegates: names and attributes to
 * {@link Namespace}, content to {@link Content}, locks to {@link LockTable}, its life to {@link
 * ClientSession}.
 */
public final class VolumeMeta implements Meta {
  private final ClientParts parts;

  private VolumeMeta(ClientParts parts) {
    this.parts = parts;
  }

  /**
   * Opens a client of the volume that an engine holds, and takes the engine over: it is closed with
   * the client, or when opening fails.
   *
   * @param facts what the session's record tells others
   * @param reaper deletes the objects of slices that nobody refers to
   * @throws FormatException no volume, one that this client may not use, or no such sub-directory;
   *     one line for the user
   */
  public static VolumeMeta open(
      Engine engine, MetaConfig config, SessionFacts facts, SliceReaper reaper)
      throws FormatException {
    return open(engine, config, facts, reaper, MetaRuntime.system(config));
  }

  /** As {@link #open(Engine, MetaConfig, SessionFacts, SliceReaper)}, in a given world. */
  public static VolumeMeta open(
      Engine engine, MetaConfig config, SessionFacts facts, SliceReaper reaper, MetaRuntime runtime)
      throws FormatException {
    try {
      Format format = new VolumeAdmin(engine).load();
      return new VolumeMeta(ClientParts.open(engine, config, facts, reaper, runtime, format));
    } catch (FormatException | RuntimeException e) {
      runtime.jobs().close();
      engine.close();
      throw e;
    }
  }

  // ---- the volume ----

  @Override
  public Format format() {
    return parts.settings().format();
  }

  @Override
  public long sessionId() {
    return parts.session().id();
  }

  /**
   * The session will be continued by another client, see {@link MetaConfig#continuedSession}:
   * {@link #close} then leaves its record, its locks and what it holds open.
   */
  public void leaveSession() {
    parts.session().leave();
  }

  /**
   * Counts the handles that the client had whose session this one continues, one inode for each.
   * What that session holds without a link and nobody has open any more is let go.
   */
  public void continueOpen(Collection<Ino> inodes) {
    inodes.forEach(this::opened);
    parts.opening().suspect(parts.register().sustained(sessionId()));
  }

  @Override
  public VolumeUsage usage(Ino ino) throws FsException {
    return parts.capacity().at(parts.namespace().real(ino));
  }

  @Override
  public void sync() {
    parts.engine().sync();
  }

  /** What transactions have cost so far. */
  public TxnMetrics metrics() {
    return parts.metrics();
  }

  /** Who else has the volume mounted, and what they hold. */
  public SessionRegister sessions() {
    return parts.register();
  }

  /** The jobs that clients do for all, for a tool that does them now. */
  public HourlyJobs housekeeping() {
    return parts.hourly();
  }

  /** How many inodes are open here. */
  public int openInodes() {
    return parts.openInodes().size();
  }

  /** Usage of directories, users and groups against their limits. */
  public QuotaBook quotas() {
    return parts.quotas();
  }

  /** Compares quotas with what is there. */
  public QuotaAudit quotaAudit() {
    return new QuotaAudit(parts.namespace().operations(), parts.engine(), parts.quotas());
  }

  /**
   * Calls {@code action} once when the volume is gone from under this client: destroyed, formatted
   * anew, or too new. It gets one line for the log.
   */
  public void onVolumeLost(Consumer<String> action) {
    parts.settings().onLost(action);
  }

  /** Calls {@code action} with the new settings each time they have changed. */
  public void onFormatChange(Consumer<Format> action) {
    parts.settings().onChange(action);
  }

  // ---- names ----

  @Override
  public @Nullable Entry lookup(Caller caller, Ino parent, Name name) throws FsException {
    return parts.namespace().lookup(caller, parent, name);
  }

  @Override
  public Attr getAttr(Ino ino) throws FsException {
    return parts.namespace().getAttr(ino);
  }

  @Override
  public Attr getRecentAttr(Ino ino) throws FsException {
    return parts.namespace().getRecentAttr(ino);
  }

  @Override
  public Ino knownParent(Ino directory) throws FsException {
    return parts.namespace().knownParent(directory);
  }

  @Override
  public OpenedInode open(Caller caller, Ino ino, OpenMode mode) throws FsException {
    return parts.opening().open(caller, ino, mode);
  }

  @Override
  public void opened(Ino ino) {
    parts.openInodes().opened(ino);
  }

  @Override
  public void close(Ino ino) {
    parts.opening().close(ino);
  }

  @Override
  public Entry create(Caller caller, Ino parent, Name name, NewInode inode) throws FsException {
    return parts.namespace().create(caller, parent, name, inode);
  }

  @Override
  public Entry createUnnamed(Caller caller, Ino directory, NewInode inode) throws FsException {
    Entry entry = parts.namespace().createUnnamed(caller, directory, inode);
    parts.openInodes().unnamed(entry.ino());
    return entry;
  }

  @Override
  public Entry link(Caller caller, Ino ino, Ino newParent, Name newName) throws FsException {
    return parts.namespace().link(caller, ino, newParent, newName);
  }

  @Override
  public Ino unlink(Caller caller, Ino parent, Name name) throws FsException {
    return parts.namespace().unlink(caller, parent, name);
  }

  @Override
  public long removeTree(Caller caller, Ino parent, Name name, Disposal disposal, TreeWork work)
      throws FsException {
    boolean skipTrash = disposal == Disposal.FOR_GOOD;
    return new RemoveTree(parts.namespace(), RemoveTree.SAFE_BATCH, skipTrash, work)
        .remove(caller, parent, name);
  }

  @Override
  public Ino clone(
      Caller caller, Ino source, Ino parent, Name name, Clone.Style style, TreeWork work)
      throws FsException {
    return parts.clones().clone(caller, source, parent, name, style, work);
  }

  @Override
  public void rmdir(Caller caller, Ino parent, Name name) throws FsException {
    parts.namespace().rmdir(caller, parent, name);
  }

  @Override
  public void rename(Caller caller, Ino parent, Name name, Ino newParent, Name newName, int flags)
      throws FsException {
    parts.namespace().rename(caller, parent, name, newParent, newName, flags);
  }

  @Override
  public byte[] readlink(Ino ino) throws FsException {
    return parts.namespace().readlink(ino);
  }

  @Override
  public Page<DirEntry> readdir(
      Caller caller, Ino ino, @Nullable Object from, int limit, boolean withAttributes)
      throws FsException {
    return parts.namespace().readdir(caller, ino, from, limit, withAttributes);
  }

  @Override
  public int entriesPerRequest() {
    return parts.namespace().entriesPerRequest();
  }

  @Override
  public List<String> paths(Ino ino) throws FsException {
    return parts.paths().of(ino);
  }

  /** What was deleted, to be brought back. */
  public RestoreTrash trash() {
    return new RestoreTrash(parts.namespace());
  }

  // ---- attributes ----

  @Override
  public Attr setAttr(Caller caller, Ino ino, AttrUpdate update) throws FsException {
    return parts.namespace().setAttr(caller, ino, update);
  }

  @Override
  public void access(Caller caller, Ino ino, int mask) throws FsException {
    parts.namespace().access(caller, ino, mask);
  }

  @Override
  public void touchAccessTime(Ino ino, Attr attr) {
    parts.namespace().touchAccessTime(ino, attr);
  }

  @Override
  public byte[] getXattr(Ino ino, Name name) throws FsException {
    return parts.namespace().getXattr(ino, name);
  }

  @Override
  public void setXattr(Caller caller, Ino ino, Name name, byte[] value, int flags)
      throws FsException {
    parts.namespace().setXattr(caller, ino, name, value, flags);
  }

  @Override
  public List<Name> listXattr(Ino ino) throws FsException {
    return parts.namespace().listXattr(ino);
  }

  @Override
  public void removeXattr(Caller caller, Ino ino, Name name) throws FsException {
    parts.namespace().removeXattr(caller, ino, name);
  }

  // ---- content ----

  @Override
  public long newSliceId() {
    return parts.sliceIds().next();
  }

  @Override
  public List<Slice> readChunk(Ino ino, int index) throws FsException {
    return parts.content().readChunk(ino, index);
  }

  @Override
  public Attr writeSlices(Ino ino, List<ChunkSlice> slices, Timestamp mtime) throws FsException {
    return parts.content().writeSlices(changeable(ino), slices, mtime);
  }

  @Override
  public Attr truncate(Caller caller, Ino ino, long lengthBytes, boolean throughHandle)
      throws FsException {
    Truncate.Access access =
        throughHandle ? Truncate.Access.THROUGH_HANDLE : Truncate.Access.BY_NAME;
    return parts.content().truncate(caller, changeable(ino), lengthBytes, access);
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
    Fallocate.Privileges privileges =
        killSuidgid ? Fallocate.Privileges.DROP : Fallocate.Privileges.KEEP;
    return parts
        .content()
        .fallocate(caller, changeable(ino), mode, offset, lengthBytes, privileges);
  }

  @Override
  public Copied copyRange(
      Caller caller, Ino in, long inOffset, Ino out, long outOffset, long lengthBytes)
      throws FsException {
    return parts.content().copyRange(in, inOffset, changeable(out), outOffset, lengthBytes);
  }

  @Override
  public void onFragmentedChunk(FragmentedChunkListener listener) {
    parts.content().onFragmentedChunk(listener);
  }

  @Override
  public @Nullable CompactionPlan planCompaction(Ino ino, int index) throws FsException {
    return parts.content().planCompaction(changeable(ino), index);
  }

  @Override
  public CompactChunk.Result commitCompaction(CompactionPlan plan, long newSliceId)
      throws FsException {
    return parts.content().commitCompaction(plan, newSliceId);
  }

  private Ino changeable(Ino ino) throws FsException {
    if (parts.config().readOnly()) {
      throw Errno.EROFS.exception();
    }
    return parts.namespace().real(ino);
  }

  // ---- locks ----

  @Override
  public void flock(Ino ino, LockOwner owner, boolean exclusive) throws FsException {
    parts.locks().flock(ino, owner, exclusive);
  }

  @Override
  public void unflock(Ino ino, LockOwner owner) throws FsException {
    parts.locks().unflock(ino, owner);
  }

  @Override
  public @Nullable PosixLock findConflict(Ino ino, LockOwner owner, PosixLock wanted)
      throws FsException {
    return parts.locks().findConflict(ino, owner, wanted);
  }

  @Override
  public void lock(Ino ino, LockOwner owner, PosixLock wanted) throws FsException {
    parts.locks().lock(ino, owner, wanted);
  }

  @Override
  public void unlock(Ino ino, LockOwner owner, long start, long end) throws FsException {
    parts.locks().unlock(ino, owner, start, end);
  }

  @Override
  public List<HeldLock> locks(Ino ino) throws FsException {
    return parts.locks().all(ino);
  }

  @Override
  public void close() {
    parts.close();
  }
}
