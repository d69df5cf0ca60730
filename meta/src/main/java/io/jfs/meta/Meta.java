package io.jfs.meta;

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

/**
 * A volume's names and attributes, as one client sees them. Every method is one transaction, or
 * says otherwise. Thread safe.
 *
 * <p>All methods throw {@link FsException} for a refusal and {@link
 * io.jfs.meta.txn.EngineException} when the engine stays away longer than the client's patience; a
 * corrupt record is a {@link io.jfs.meta.model.CorruptRecordException}. {@link Ino#ROOT} means the
 * root of this client's view, which a sub-directory mount moves. A client that was opened read only
 * refuses every change with EROFS.
 */
public interface Meta extends AutoCloseable {
  // ---- the volume ----

  /** The volume's settings as last loaded; they are reloaded with every heartbeat. */
  Format format();

  /** This client's session id; 0 if it has none (read-only clients, tools). */
  long sessionId();

  /** What statfs(2) shows from {@code ino} (directory quotas above it count). */
  VolumeUsage usage(Ino ino) throws FsException;

  /** Returns when every change answered so far survives a power loss. */
  void sync();

  // ---- names: path_resolution(7) ----

  /**
   * The entry under a name; null if there is none. ".." of the root is the root; {@code .trash} is
   * found in the volume's root.
   *
   * @throws FsException ENOENT or ENOTDIR for the parent, EACCES
   */
  @Nullable Entry lookup(Caller caller, Ino parent, Name name) throws FsException;

  /**
   * Attributes.
   *
   * @throws FsException ENOENT
   */
  Attr getAttr(Ino ino) throws FsException;

  /**
   * As {@link #getAttr}; of a directory that this client itself changed in the last tenth of a
   * second, what it left there. For answers that the kernel believes for longer than that anyway:
   * it asks for a directory's attributes after each change that it has sent.
   */
  Attr getRecentAttr(Ino ino) throws FsException;

  /**
   * The directory that holds {@code directory}, as far as this client has seen: for the ".." of a
   * listing, which says no more than a number.
   */
  Ino knownParent(Ino directory) throws FsException;

  /**
   * As {@link #getAttr}, and the first chunk's slices in the same round trip: what opening a small
   * file for reading needs.
   */
  OpenedInode open(Caller caller, Ino ino, OpenMode mode) throws FsException;

  /**
   * What open(2) asks for.
   *
   * @param read O_RDONLY or O_RDWR
   * @param write O_WRONLY or O_RDWR
   * @param append O_APPEND
   * @param truncate O_TRUNC
   * @param execute the kernel opens it for exec
   */
  record OpenMode(boolean read, boolean write, boolean append, boolean truncate, boolean execute) {}

  /**
   * What open answers.
   *
   * @param attr attributes
   * @param firstChunk slices of chunk 0 as {@link #readChunk} gives them; null if they were not
   *     brought along
   */
  record OpenedInode(Attr attr, @Nullable List<Slice> firstChunk) {}

  /**
   * Counts an open handle that {@link #open} did not count: after {@link #create}. From then until
   * {@link #close} the inode's data outlives its last link.
   */
  void opened(Ino ino);

  /**
   * Ends one open handle; the last one of an unlinked inode frees it. Never refuses; an outage
   * leaves it to session cleaning.
   */
  void close(Ino ino);

  /**
   * Creates an inode under a name: mknod, mkdir, symlink, create. Metadata spec 6.5.
   *
   * @throws FsException EEXIST, ENOENT, ENOTDIR, EACCES, EPERM, ENOSPC, EDQUOT
   */
  Entry create(Caller caller, Ino parent, Name name, NewInode inode) throws FsException;

  /**
   * A file without a name, held open by this client: O_TMPFILE. {@link #link} can give it a name.
   */
  Entry createUnnamed(Caller caller, Ino directory, NewInode inode) throws FsException;

  /** link(2). Metadata spec 6.6; EEXIST, EPERM for directories, ... */
  Entry link(Caller caller, Ino ino, Ino newParent, Name newName) throws FsException;

  /** unlink(2). Metadata spec 6.7. Answers the inode that lost a link. */
  Ino unlink(Caller caller, Ino parent, Name name) throws FsException;

  /** Where removed files go. */
  enum Disposal {
    /** To the trash, if the volume has one. */
    TRASH,
    /** Nowhere: they are gone. */
    FOR_GOOD
  }

  /**
   * Removes a name with everything below it, in many transactions; what was removed stays removed
   * when it stops half way.
   *
   * @param work by how many threads; its progress is told of each removed entry as found and done
   * @return how many entries were removed
   * @throws FsException ENOENT; EACCES, EPERM for the first entry that the caller may not remove
   */
  long removeTree(Caller caller, Ino parent, Name name, Disposal disposal, TreeWork work)
      throws FsException;

  /**
   * Clones a file or a tree by sharing its slices; see metadata spec 6.13. Many transactions; the
   * clone appears whole, or not at all.
   *
   * @param work by how many threads; its progress is told of entries
   * @return the new inode
   * @throws FsException EEXIST; ENOENT, ENOTDIR, EACCES, EPERM; EDQUOT, ENOSPC; EROFS
   */
  Ino clone(Caller caller, Ino source, Ino parent, Name name, Clone.Style style, TreeWork work)
      throws FsException;

  /** rmdir(2). Metadata spec 6.8. */
  void rmdir(Caller caller, Ino parent, Name name) throws FsException;

  /**
   * renameat2(2). Metadata spec 6.9, and WHITEOUT.
   *
   * @param flags 1 NOREPLACE, 2 EXCHANGE, 4 WHITEOUT
   */
  void rename(Caller caller, Ino parent, Name name, Ino newParent, Name newName, int flags)
      throws FsException;

  /** readlink(2): raw bytes. EINVAL if not a symlink. */
  byte[] readlink(Ino ino) throws FsException;

  /**
   * A page of a directory's entries without "." and "..", from {@code from} on (null: the start).
   *
   * @throws FsException ENOENT, ENOTDIR, EACCES
   */
  Page<DirEntry> readdir(
      Caller caller, Ino ino, @Nullable Object from, int limit, boolean withAttributes)
      throws FsException;

  /**
   * How many entries with attributes {@link #readdir} brings in one request: what a listing whose
   * attributes may not be wanted should begin with.
   */
  int entriesPerRequest();

  /**
   * The absolute paths of an inode in this client's view, sorted; those of removed inodes are under
   * {@code .trash}. Empty if nothing leads to it. Reads whole directories: for tools.
   *
   * @throws FsException ENOENT
   */
  List<String> paths(Ino ino) throws FsException;

  // ---- attributes ----

  /** chmod, chown, utimensat, chattr. Metadata spec 6.2. */
  Attr setAttr(Caller caller, Ino ino, AttrUpdate update) throws FsException;

  /** access(2) against mode and ACL: {@code mask} R 4, W 2, X 1. */
  void access(Caller caller, Ino ino, int mask) throws FsException;

  /**
   * Moves the access time if the client's atime mode wants it; in the background, errors ignored.
   */
  void touchAccessTime(Ino ino, Attr attr);

  /** getxattr(2); also system.posix_acl_access and _default. ENODATA. */
  byte[] getXattr(Ino ino, Name name) throws FsException;

  /**
   * setxattr(2); {@code flags} 0, CREATE 1, REPLACE 2. Moves ctime. EEXIST, ENODATA, EPERM (inode
   * flags).
   */
  void setXattr(Caller caller, Ino ino, Name name, byte[] value, int flags) throws FsException;

  /** listxattr(2). */
  List<Name> listXattr(Ino ino) throws FsException;

  /** removexattr(2). ENODATA. */
  void removeXattr(Caller caller, Ino ino, Name name) throws FsException;

  // ---- content ----

  /** The next free slice id, from this client's batch. Seldom a round trip. */
  long newSliceId();

  /**
   * A chunk's slices in write order, raw: overlaying them is the reader's. Empty for a hole or
   * behind the end.
   */
  List<Slice> readChunk(Ino ino, int index) throws FsException;

  /**
   * Names a slice whose bytes are durable: appends it to the chunk, grows the file if needed.
   *
   * @param mtime when the data was written
   * @return the attributes afterwards
   * @throws FsException ENOENT when the inode is gone; ENOSPC, EDQUOT
   */
  Attr writeSlices(Ino ino, List<ChunkSlice> slices, Timestamp mtime) throws FsException;

  /**
   * A slice and the chunk that it belongs to.
   *
   * @param index chunk index
   * @param slice the record to append
   */
  record ChunkSlice(int index, Slice slice) {}

  /**
   * truncate(2), ftruncate(2). Metadata spec 6.3.
   *
   * @param throughHandle the caller has it open for writing, so that permission is not asked again
   */
  Attr truncate(Caller caller, Ino ino, long lengthBytes, boolean throughHandle) throws FsException;

  /**
   * fallocate(2). Metadata spec 6.4. Drops setuid and setgid as a write does if {@code
   * killSuidgid}.
   */
  Attr fallocate(
      Caller caller,
      Ino ino,
      FallocateMode mode,
      long offset,
      long lengthBytes,
      boolean killSuidgid)
      throws FsException;

  /**
   * copy_file_range(2) by sharing slices. Metadata spec 6.12.
   *
   * @return the number of bytes copied and the target's attributes afterwards
   */
  Copied copyRange(Caller caller, Ino in, long inOffset, Ino out, long outOffset, long lengthBytes)
      throws FsException;

  /**
   * What a copy did.
   *
   * @param bytes copied
   * @param attr of the target afterwards
   */
  record Copied(long bytes, Attr attr) {}

  // ---- compaction: metadata spec 7.4 ----

  /** Tells {@code listener} how chunks grow, from the next write on. */
  void onFragmentedChunk(FragmentedChunkListener listener);

  /**
   * What compacting a chunk would do; null if there is nothing to gain.
   *
   * @throws FsException EROFS
   */
  @Nullable CompactionPlan planCompaction(Ino ino, int index) throws FsException;

  /**
   * Puts a slice in place of those that a plan replaces.
   *
   * @param newSliceId a new slice with the bytes that the plan says, durable
   * @return WASTED if the chunk has changed meanwhile; the new slice is deleted then
   */
  CompactChunk.Result commitCompaction(CompactionPlan plan, long newSliceId) throws FsException;

  // ---- locks: flock(2), fcntl(2); one try each, waiting is the caller's ----

  /** Takes or changes a BSD lock; EAGAIN if another owner conflicts. */
  void flock(Ino ino, LockOwner owner, boolean exclusive) throws FsException;

  /** Releases a BSD lock; none is fine. */
  void unflock(Ino ino, LockOwner owner) throws FsException;

  /**
   * A lock of another owner that conflicts with {@code wanted}; null if none. pid is 0 for other
   * sessions.
   */
  @Nullable PosixLock findConflict(Ino ino, LockOwner owner, PosixLock wanted) throws FsException;

  /** Takes a POSIX lock; EAGAIN if another owner conflicts. */
  void lock(Ino ino, LockOwner owner, PosixLock wanted) throws FsException;

  /** All locks on an inode, BSD locks first, whoever holds them. */
  List<HeldLock> locks(Ino ino) throws FsException;

  /**
   * A lock as tools show it.
   *
   * @param ino of what
   * @param owner whose
   * @param lock its range; null for a BSD lock
   * @param exclusive whether it excludes readers
   */
  record HeldLock(Ino ino, LockOwner owner, @Nullable PosixLock lock, boolean exclusive) {}

  /** Releases a range of POSIX locks; none is fine. */
  void unlock(Ino ino, LockOwner owner, long start, long end) throws FsException;

  /** Ends the session: flushes counters, frees what it holds open, closes the engine. */
  @Override
  void close();
}
