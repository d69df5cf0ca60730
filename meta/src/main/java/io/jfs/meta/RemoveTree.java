package io.jfs.meta;

import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.DirEntry;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Removes a directory with everything below it, in many small transactions, depth first. What was
 * removed stays removed when it stops half way; running it again goes on from there. Directories
 * are emptied by several threads at once; the entries of one directory are not, because each
 * removal changes the directory itself.
 */
public final class RemoveTree {
  /** Entries per transaction that every engine takes in one commit. */
  public static final int SAFE_BATCH = 20;

  /** How often a directory may turn out to have new entries right after it was emptied. */
  private static final int PATIENCE_ROUNDS = 1000;

  private final Namespace names;
  private final int batch;
  private final boolean skipTrash;
  private final TreeWork work;

  /**
   * @param batch entries per transaction
   * @param skipTrash whether everything is removed for good
   */
  public RemoveTree(Namespace names, int batch, boolean skipTrash) {
    this(names, batch, skipTrash, TreeWork.QUIET);
  }

  /**
   * @param batch entries per transaction
   * @param skipTrash whether everything is removed for good
   * @param work by how many threads; its progress is told of removed entries as found and done
   */
  public RemoveTree(Namespace names, int batch, boolean skipTrash, TreeWork work) {
    this.names = names;
    this.batch = batch;
    this.skipTrash = skipTrash;
    this.work = work;
  }

  /** A directory on the way down that is to be removed when it is empty. */
  private static final class Level {
    private final @Nullable Level above;
    private final Ino parent;
    private final Name name;
    private final Ino ino;
    private final AtomicInteger below = new AtomicInteger();
    private int refilled;

    Level(@Nullable Level above, Ino parent, Name name, Ino ino) {
      this.above = above;
      this.parent = parent;
      this.name = name;
      this.ino = ino;
    }
  }

  /**
   * Removes {@code name} from {@code parent}, whatever it is.
   *
   * @return how many entries were removed
   * @throws FsException ENOENT; EACCES, EPERM for the first entry that the caller may not remove;
   *     ENOTEMPTY if others keep filling a directory
   */
  public long remove(Caller caller, Ino parent, Name name) throws FsException {
    Entry entry = names.lookup(caller, parent, name);
    if (entry == null) {
      throw Errno.ENOENT.exception();
    }
    if (!entry.attr().isDirectory()) {
      unlink(caller, parent, name, entry);
      work.progress().advance(1, 1);
      return 1;
    }
    return removeLevels(caller, new Level(null, parent, name, entry.ino()));
  }

  /**
   * Removes everything in a directory, but not the directory itself.
   *
   * @return how many entries were removed
   */
  public long clear(Caller caller, Ino directory) throws FsException {
    long removed = 0;
    List<DirEntry> page = page(caller, directory);
    while (!page.isEmpty()) {
      removed += unlinkFiles(caller, directory, page);
      for (DirEntry entry : page) {
        if (isDirectory(entry)) {
          removed += removeLevels(caller, level(null, directory, entry));
        }
      }
      page = page(caller, directory);
    }
    return removed;
  }

  private void unlink(Caller caller, Ino parent, Name name, Entry entry) throws FsException {
    Dentry dentry = new Dentry(entry.attr().type(), entry.ino());
    names.unlinkAll(caller, parent, List.of(new DirEntry(name, dentry, null)), skipTrash);
  }

  private long removeLevels(Caller caller, Level top) throws FsException {
    LongAdder removed = new LongAdder();
    TreeCrew.<Level, RuntimeException>run(
        work.threads(), top, (level, also) -> removeLevel(caller, level, also, removed));
    return removed.sum();
  }

  /** Empties a directory up to a page with directories, which come first, or removes it. */
  private void removeLevel(Caller caller, Level level, Consumer<Level> also, LongAdder removed)
      throws FsException {
    while (true) {
      List<DirEntry> page = page(caller, level.ino);
      removed.add(unlinkFiles(caller, level.ino, page));
      List<DirEntry> directories = page.stream().filter(RemoveTree::isDirectory).toList();
      if (!directories.isEmpty()) {
        level.below.set(directories.size());
        directories.forEach(entry -> also.accept(level(level, level.ino, entry)));
        return;
      }
      if (page.isEmpty() && rmdir(caller, level)) {
        removed.increment();
        work.progress().advance(1, 1);
        if (level.above != null && level.above.below.decrementAndGet() == 0) {
          also.accept(level.above);
        }
        return;
      }
    }
  }

  private static Level level(@Nullable Level above, Ino parent, DirEntry entry) {
    return new Level(above, parent, entry.name(), entry.dentry().ino());
  }

  private static boolean isDirectory(DirEntry entry) {
    return entry.dentry().type() == FileType.DIRECTORY;
  }

  private List<DirEntry> page(Caller caller, Ino directory) throws FsException {
    try {
      return names.readdir(caller, directory, null, batch, false).rows();
    } catch (FsException e) {
      if (e.errno() == Errno.ENOENT) {
        return List.of(); // Somebody else removed it.
      }
      throw e;
    }
  }

  private long unlinkFiles(Caller caller, Ino directory, List<DirEntry> page) throws FsException {
    List<DirEntry> files = page.stream().filter(entry -> !isDirectory(entry)).toList();
    if (files.isEmpty()) {
      return 0;
    }
    int removed = unlinkAll(caller, directory, files);
    work.progress().advance(removed, removed);
    return removed;
  }

  private int unlinkAll(Caller caller, Ino directory, List<DirEntry> files) throws FsException {
    try {
      return names.unlinkAll(caller, directory, files, skipTrash);
    } catch (FsException e) {
      if (e.errno() == Errno.ENOENT) {
        return 0; // Somebody else removed it all, the directory as well.
      }
      throw e;
    }
  }

  /** Whether the directory is gone afterwards. */
  private boolean rmdir(Caller caller, Level level) throws FsException {
    try {
      if (skipTrash) {
        names.rmdirForGood(caller, level.parent, level.name);
      } else {
        names.rmdir(caller, level.parent, level.name);
      }
      return true;
    } catch (FsException e) {
      if (e.errno() == Errno.ENOENT) {
        return true;
      }
      if (e.errno() == Errno.ENOTEMPTY && level.refilled++ < PATIENCE_ROUNDS) {
        return false;
      }
      throw e;
    }
  }
}
