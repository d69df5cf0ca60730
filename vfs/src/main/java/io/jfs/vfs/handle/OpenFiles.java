package io.jfs.vfs.handle;

import io.jfs.meta.Meta;
import io.jfs.meta.Meta.OpenedInode;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.vfs.Cancellation;
import io.jfs.vfs.VfsConfig;
import io.jfs.vfs.attr.ChangeStamps;
import io.jfs.vfs.handle.HandleLedger.Kept;
import io.jfs.vfs.handle.HandleTable.Parity;
import io.jfs.vfs.read.Readers;
import io.jfs.vfs.write.Writers;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All open files of a mount and their handles. Thread safe. */
public final class OpenFiles {
  private static final Logger log = LoggerFactory.getLogger(OpenFiles.class);

  private final Meta meta;
  private final Writers writers;
  private final Readers readers;
  private final ChangeStamps stamps;
  private final HandleTable handles;
  private final KeptHandles kept;
  private final ClosedFiles closed;
  private final ConcurrentHashMap<Ino, OpenFile> files = new ConcurrentHashMap<>();

  /** No open files yet but those that are kept. */
  public OpenFiles(
      Meta meta,
      HandleTable handles,
      KeptHandles kept,
      Writers writers,
      Readers readers,
      ChangeStamps stamps,
      VfsConfig config) {
    this.closed = new ClosedFiles(config.openCacheMillis(), config.openCacheLimit(), stamps);
    this.meta = meta;
    this.handles = handles;
    this.kept = kept;
    this.writers = writers;
    this.readers = readers;
    this.stamps = stamps;
  }

  /** What is known of an inode before it is asked about for an open. */
  public record Before(@Nullable OpenFile file, long version, long changes, long links) {}

  /** To be taken before metadata is asked for what {@link #add} gets. */
  public Before beforeOpen(Ino ino) {
    OpenFile file = files.get(ino);
    return file == null
        ? new Before(null, 0, 0, stamps.links())
        : new Before(file, file.version(), file.reader().changes(), stamps.links());
  }

  /** A new handle on an inode. */
  public FileHandle add(Ino ino, OpenedInode opened, Before before, int flags) {
    return newHandle(opened(ino, opened, before), flags);
  }

  private OpenFile opened(Ino ino, OpenedInode opened, Before before) {
    OpenFile file =
        files.compute(
            ino,
            (key, known) -> {
              OpenFile kept = known != null ? known : newFile(key, opened);
              kept.handles++;
              return kept;
            });
    if (file == before.file()) {
      file.reopened(opened, before.version(), before.changes());
    } else if (!file.attr().equals(opened.attr()) || before.file() != null) {
      file.distrust(); // others opened or closed it meanwhile: who knows more is not known
    }
    file.checkedAt(before.links());
    return file;
  }

  /**
   * A new handle on an inode whose attributes were asked for so recently that they are believed;
   * null if metadata has to be asked. For reading only, and not for files with flags that restrict
   * it.
   */
  public @Nullable FileHandle addTrusted(Ino ino, int flags) {
    if (closed.trustNanos() == 0 || FileHandle.writes(flags)) {
      return null;
    }
    AtomicReference<@Nullable OpenFile> believed = new AtomicReference<>();
    OpenFile unused =
        files.compute(
            ino,
            (key, known) -> {
              OpenFile file = known == null ? reopened(key) : isTrusted(known) ? known : null;
              if (file == null) {
                return known;
              }
              file.handles++;
              believed.set(file);
              return file;
            });
    OpenFile file = believed.get();
    return file == null ? null : newHandle(file, flags);
  }

  private boolean isTrusted(OpenFile file) {
    return !file.isDistrusted()
        && file.uncheckedNanos() < closed.trustNanos()
        && file.isCheckedAt(stamps.links());
  }

  private @Nullable OpenFile reopened(Ino ino) {
    ClosedFiles.Known known = closed.take(ino);
    if (known == null) {
      return null;
    }
    OpenFile file = newFile(ino, new OpenedInode(known.attr(), null));
    file.believedSince(known.checkedNanos(), known.links());
    return file;
  }

  private FileHandle newHandle(OpenFile file, int flags) {
    Parity parity = FileHandle.writes(flags) ? Parity.EVEN : Parity.ODD;
    return handles.add(
        parity,
        number -> {
          FileHandle handle = new FileHandle(number, file, flags, readers.newReadAhead());
          handle.place = kept.add(number, file.ino(), flags);
          return handle;
        });
  }

  /** Makes a handle of what a predecessor has left; metadata counts it as open already. */
  private void adopt(Kept left) throws FsException {
    Before before = beforeOpen(left.ino());
    Attr attr = meta.getAttr(left.ino());
    List<Long> lockOwners = kept.posixLockOwners(left.ino());
    OpenFile file = opened(left.ino(), new OpenedInode(attr, null), before);
    // Of which handle is not known; handle 0 is never released.
    lockOwners.forEach(owner -> file.addPosixLockOwner(owner, 0));
    FileHandle handle = new FileHandle(left.number(), file, left.flags(), readers.newReadAhead());
    handle.place = left.place();
    if (left.owes()) {
      handle.bereave();
    }
    handles.adopt(handle);
  }

  private OpenFile newFile(Ino ino, OpenedInode opened) {
    OpenFile file = new OpenFile(ino, opened.attr(), writers, readers, stamps, kept);
    file.reader().offerFirstChunk(opened.firstChunk(), file.reader().changes());
    return file;
  }

  /**
   * The handle with a number.
   *
   * @throws FsException EBADF; of a handle that a predecessor has left, that its inode is gone
   */
  public FileHandle require(long number) throws FsException {
    FileHandle handle = findOrAdopt(number);
    if (handle == null) {
      throw Errno.EBADF.exception();
    }
    return handle;
  }

  /** The handle with a number, or null if there is none in use. */
  public @Nullable FileHandle find(long number) {
    return handles.find(number) instanceof FileHandle file ? file : null;
  }

  /** As {@link #find}, and one that a predecessor has left comes into use. */
  public @Nullable FileHandle findOrAdopt(long number) throws FsException {
    if (handles.isOlder(number)) {
      kept.adopt(number, this::adopt);
    }
    return find(number);
  }

  /** The inode of a handle that a predecessor has left and nobody has used since; it ends here. */
  public @Nullable Ino dropUnused(long number) {
    Kept left = handles.isOlder(number) ? kept.dropUnused(number) : null;
    return left == null ? null : left.ino();
  }

  /** The open file of an inode; null if this client does not have it open. */
  public @Nullable OpenFile file(Ino ino) {
    return files.get(ino);
  }

  /** Ends a handle; the one that had the number, or null. */
  public @Nullable FileHandle remove(long number) {
    FileHandle handle = find(number);
    if (handle != null && handles.remove(number)) {
      handle.file().closed(handle);
      files.computeIfPresent(
          handle.file().ino(), (ino, file) -> --file.handles == 0 ? closed(file) : file);
    }
    return handle;
  }

  private @Nullable OpenFile closed(OpenFile file) {
    if (!file.isDistrusted() && !file.attr().isImmutable() && !file.attr().isAppendOnly()) {
      closed.add(file.ino(), file.attr(), file.checkedNanos(), file.checkedLinks());
    }
    return null;
  }

  /** Number of inodes with open handles. */
  public int count() {
    return files.size();
  }

  /**
   * Flushes every open file; logs what cannot be flushed.
   *
   * @return whether nothing waits to be stored; what was given up does not wait
   */
  public boolean flushAll() {
    boolean all = true;
    for (OpenFile file : files.values()) {
      try {
        file.writer().flush(new Cancellation());
      } catch (FsException e) {
        log.warn("flush of inode {} failed: {}", file.ino(), e.getMessage());
      }
      all &= !file.writer().isDirty();
    }
    return all;
  }
}
