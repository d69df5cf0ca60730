package io.jfs.meta;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.AttrUpdate;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.DirEntry;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.NewInode;
import io.jfs.meta.ops.AccessTime;
import io.jfs.meta.ops.Create;
import io.jfs.meta.ops.Link;
import io.jfs.meta.ops.Lookup;
import io.jfs.meta.ops.MetaTxn;
import io.jfs.meta.ops.Place;
import io.jfs.meta.ops.ReadDir;
import io.jfs.meta.ops.Rename;
import io.jfs.meta.ops.RenameMode;
import io.jfs.meta.ops.Rmdir;
import io.jfs.meta.ops.SetAttr;
import io.jfs.meta.ops.Trash;
import io.jfs.meta.ops.Unlink;
import io.jfs.meta.ops.Xattr;
import io.jfs.meta.record.Records;
import io.jfs.meta.txn.EntryPage;
import io.jfs.meta.txn.Observed;
import io.jfs.meta.txn.Page;
import io.jfs.meta.txn.Ref;
import io.jfs.meta.txn.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The half of {@link Meta} that knows names and attributes: brings each operation of {@code ops}
 * together with what it must not own (the clock, new numbers, the trash of the hour, this client's
 * session and open inodes) and runs it until it is committed. Methods answer as those of {@link
 * Meta} with the same name do. Thread safe; owns no thread and nothing to close.
 */
public final class Namespace {
  private static final Logger LOG = LoggerFactory.getLogger(Namespace.class);
  private static final Duration RECENT = Duration.ofMillis(100);

  private final NamespaceParts parts;
  private final Operations operations;
  private final InodeIds inodeIds;
  private final TrashDirectory trashDirectory;
  private final NoCapabilities noCapabilities = new NoCapabilities(System::nanoTime);
  private final Set<Ino> touching = ConcurrentHashMap.newKeySet();

  public Namespace(NamespaceParts parts) {
    this.parts = parts;
    operations = new Operations(parts);
    inodeIds = new InodeIds(operations, parts.background());
    trashDirectory = new TrashDirectory(operations);
  }

  /** How other families of operations run with the same clock, policy and effects. */
  Operations operations() {
    return operations;
  }

  /** What is known of files without capabilities. */
  NoCapabilities noCapabilities() {
    return noCapabilities;
  }

  /**
   * Returns when no removal of an inode is under way here. Opening an inode first counts it as open
   * and then calls this; then its attributes tell the truth about whether it is there.
   */
  void awaitRemoval(Ino ino) {
    operations.removals().await(ino);
  }

  /**
   * A number for a new inode.
   *
   * @throws FsException ENOSPC, EROFS
   */
  Ino newInode() throws FsException {
    return inodeIds.next();
  }

  // ---- names ----

  public @Nullable Entry lookup(Caller caller, Ino parent, Name name) throws FsException {
    Ino directory = real(parent);
    if (directory.equals(parts.root()) && name.isDotOrDotDot()) {
      return new Entry(Ino.ROOT, getAttr(Ino.ROOT));
    }
    Entry found = find(caller, directory, name);
    if (found != null && Lookup.isCorrupt(found)) {
      found = find(caller, directory, name); // Or the two reads saw two moments.
    }
    return found != null && found.ino().equals(parts.root())
        ? new Entry(Ino.ROOT, found.attr())
        : found;
  }

  private @Nullable Entry find(Caller caller, Ino directory, Name name) throws FsException {
    return operations.read(txn -> new Found(Lookup.lookup(txn, caller, directory, name))).entry();
  }

  private record Found(@Nullable Entry entry) {}

  public Attr getAttr(Ino ino) throws FsException {
    Ino real = real(ino);
    return operations.read(txn -> Lookup.attr(txn, real));
  }

  public Attr getRecentAttr(Ino ino) throws FsException {
    Attr recent = parts.transactor().recentlyWritten(Records.ATTR, real(ino), RECENT);
    return recent != null && recent.isDirectory() ? recent : getAttr(ino);
  }

  public Ino knownParent(Ino directory) throws FsException {
    Attr known = parts.transactor().remembered(Records.ATTR, real(directory));
    return (known != null ? known : getAttr(directory)).parent();
  }

  public Entry create(Caller caller, Ino parent, Name name, NewInode inode) throws FsException {
    Ino directory = writable(parent);
    Ino ino = inodeIds.next();
    Entry entry =
        operations.change(
            directory, txn -> Create.create(txn, caller, directory, name, inode, ino));
    noCapabilities.learn(entry.ino());
    return entry;
  }

  public Entry createUnnamed(Caller caller, Ino directory, NewInode inode) throws FsException {
    Ino home = writable(directory);
    Ino ino = inodeIds.next();
    return operations.change(ino, txn -> Create.createUnnamed(txn, caller, home, inode, ino));
  }

  public Entry link(Caller caller, Ino ino, Ino newParent, Name newName) throws FsException {
    Ino parent = writable(newParent);
    return operations.change(parent, txn -> Link.link(txn, caller, real(ino), parent, newName));
  }

  public Ino unlink(Caller caller, Ino parent, Name name) throws FsException {
    Ino directory = writable(parent);
    Ino trash = trashFor(directory);
    return operations.change(directory, txn -> Unlink.unlink(txn, caller, directory, name, trash));
  }

  /**
   * Removes several entries of one directory, none of them a directory, in one transaction.
   *
   * @param skipTrash whether they are removed for good
   * @return how many were removed; entries that changed meanwhile are not
   */
  public int unlinkAll(Caller caller, Ino parent, List<DirEntry> entries, boolean skipTrash)
      throws FsException {
    Ino directory = writable(parent);
    Ino trash = skipTrash ? Ino.NONE : trashFor(directory);
    return operations.change(
        directory, txn -> Unlink.unlinkAll(txn, caller, directory, entries, trash));
  }

  public void rmdir(Caller caller, Ino parent, Name name) throws FsException {
    Ino directory = writable(parent);
    rmdir(caller, directory, name, trashFor(directory));
  }

  /** As {@link #rmdir(Caller, Ino, Name)}, for good. */
  public void rmdirForGood(Caller caller, Ino parent, Name name) throws FsException {
    rmdir(caller, writable(parent), name, Ino.NONE);
  }

  private void rmdir(Caller caller, Ino directory, Name name, Ino trash) throws FsException {
    operations.run(directory, txn -> Rmdir.rmdir(txn, caller, directory, name, trash));
  }

  public void rename(Caller caller, Ino parent, Name name, Ino newParent, Name newName, int flags)
      throws FsException {
    RenameMode mode = RenameMode.ofFlags(flags);
    Place from = new Place(writable(parent), name);
    Place to = new Place(writable(newParent), newName);
    if (mode == RenameMode.RESTORE) {
      throw Errno.EINVAL.exception();
    }
    rename(caller, from, to, mode);
  }

  private void rename(Caller caller, Place from, Place to, RenameMode mode) throws FsException {
    Ino trash = mode == RenameMode.EXCHANGE ? Ino.NONE : trashFor(to.directory());
    Ino whiteout = mode.leavesWhiteout() ? inodeIds.next() : Ino.NONE;
    operations.change(
        from.directory(), txn -> Rename.rename(txn, caller, from, to, mode, trash, whiteout));
  }

  public byte[] readlink(Ino ino) throws FsException {
    return operations.read(txn -> Lookup.readlink(txn, real(ino)));
  }

  public Page<DirEntry> readdir(
      Caller caller, Ino ino, @Nullable Object from, int limit, boolean withAttributes)
      throws FsException {
    Ino directory = real(ino);
    boolean checks = parts.policy().get().checkPermissions();
    boolean attributes = withAttributes;
    // The kernel has looked the directory up before it opened it.
    Attr known = parts.transactor().recentlySeen(Records.ATTR, directory, RECENT);
    if (from == null && checks) {
      attributes &= operations.read(txn -> ReadDir.requireListable(txn, caller, directory, known));
    }
    Page<DirEntry> page =
        attributes ? listWithAttributes(directory, from, limit) : list(directory, from, limit);
    if (from == null && (!checks || known != null) && page.rows().isEmpty()) {
      // An empty listing may be that of something which is no directory, or gone.
      operations.read(txn -> ReadDir.requireListable(txn, caller, directory, null));
    }
    return page;
  }

  private Page<DirEntry> listWithAttributes(Ino directory, @Nullable Object from, int limit)
      throws FsException {
    EntryPage entries = parts.transactor().listWithAttributes(directory, from, limit);
    List<DirEntry> rows = new ArrayList<>(entries.page().rows().size());
    for (Row<Name, Dentry> row : entries.page().rows()) {
      Ref attr = MetaTxn.attrRef(row.value().ino());
      Observed seen = entries.attributes().get(attr);
      rows.add(new DirEntry(row.key(), row.value(), seen == null ? null : (Attr) seen.value()));
    }
    return new Page<>(rows, entries.page().next());
  }

  public int entriesPerRequest() {
    return parts.transactor().engine().entriesPerRequest();
  }

  private Page<DirEntry> list(Ino directory, @Nullable Object from, int limit) throws FsException {
    Page<Row<Name, Dentry>> page =
        parts
            .transactor()
            .read(
                attempt ->
                    parts.transactor().engine().list(Records.DENTRY, directory, from, limit));
    return new Page<>(
        page.rows().stream().map(row -> new DirEntry(row.key(), row.value(), null)).toList(),
        page.next());
  }

  // ---- attributes ----

  public Attr setAttr(Caller caller, Ino ino, AttrUpdate update) throws FsException {
    Ino real = writable(ino);
    return operations.change(real, txn -> SetAttr.setAttr(txn, caller, real, update));
  }

  public void access(Caller caller, Ino ino, int mask) throws FsException {
    operations.read(
        txn -> {
          Lookup.access(txn, caller, real(ino), mask);
          return mask;
        });
  }

  public void touchAccessTime(Ino ino, Attr attr) {
    Ino real = real(ino);
    if (parts.readOnly()
        || !parts.atimeMode().wants(attr, operations.now())
        || !touching.add(real)) {
      return;
    }
    try {
      parts.background().execute(() -> touch(real));
    } catch (RejectedExecutionException e) {
      touching.remove(real); // The client is closing.
    }
  }

  private void touch(Ino ino) {
    try {
      operations.run(ino, txn -> AccessTime.touch(txn, ino, parts.atimeMode()));
    } catch (FsException | RuntimeException e) {
      LOG.debug("access time of inode {}: {}", ino, e.toString());
    } finally {
      touching.remove(ino);
    }
  }

  public byte[] getXattr(Ino ino, Name name) throws FsException {
    Ino real = real(ino);
    if (name.equals(NoCapabilities.NAME) && noCapabilities.contains(real)) {
      throw Errno.ENODATA.exception();
    }
    return operations.read(txn -> Xattr.get(txn, real, name));
  }

  public void setXattr(Caller caller, Ino ino, Name name, byte[] value, int flags)
      throws FsException {
    Ino real = writable(ino);
    Xattr.SetMode mode = Xattr.SetMode.ofFlags(flags);
    try {
      operations.run(real, txn -> Xattr.set(txn, caller, real, name, value, mode));
    } finally {
      noCapabilities.forget(real);
    }
  }

  public List<Name> listXattr(Ino ino) throws FsException {
    return operations.read(txn -> Xattr.list(txn, real(ino)));
  }

  public void removeXattr(Caller caller, Ino ino, Name name) throws FsException {
    Ino real = writable(ino);
    operations.run(real, txn -> Xattr.remove(txn, caller, real, name));
  }

  // ---- trash ----

  /**
   * Puts an entry of the trash back under the name that it had.
   *
   * @param hour the hourly trash directory
   * @param trashName its name in there
   * @throws FsException ENOENT (also when the directory it was in is gone), EEXIST; EPERM unless
   *     root; EINVAL if the name tells no origin
   */
  public void restore(Caller caller, Ino hour, Name trashName) throws FsException {
    requireWritable();
    Place to = Trash.originOf(trashName);
    if (to == null) {
      throw Errno.EINVAL.exception();
    }
    rename(caller, new Place(hour, trashName), to, RenameMode.RESTORE);
  }

  /**
   * Removes an hourly trash directory, which must be empty: for the job that empties the trash.
   *
   * @throws FsException ENOENT, ENOTEMPTY
   */
  public void expireTrash(Name hour) throws FsException {
    requireWritable();
    operations.run(Ino.TRASH_ROOT, txn -> Rmdir.expire(txn, hour));
  }

  /** The trash directory for what is deleted from {@code directory} now; NONE for none. */
  private Ino trashFor(Ino directory) throws FsException {
    return parts.trashDays().getAsInt() > 0 && !directory.isTrash()
        ? trashDirectory.at(operations.now())
        : Ino.NONE;
  }

  // ---- this client's view ----

  /** The inode that an inode number of this view means. */
  Ino real(Ino ino) {
    return ino.equals(Ino.ROOT) || ino.equals(Ino.NONE) ? parts.root() : ino;
  }

  private Ino writable(Ino ino) throws FsException {
    requireWritable();
    return real(ino);
  }

  private void requireWritable() throws FsException {
    if (parts.readOnly()) {
      throw Errno.EROFS.exception();
    }
  }
}
