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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Removes a directory with everything below it, in many small transactions, depth first. What was
 * removed stays removed when it stops half way; running it again goes on from there.
 */
public final class RemoveTree {
  /** Entries per transaction that every engine takes in one commit. */
  public static final int SAFE_BATCH = 20;

  /** How often a directory may turn out to have new entries right after it was emptied. */
  private static final int PATIENCE_ROUNDS = 1000;

  private final Namespace names;
  private final int batch;
  private final boolean skipTrash;

  /**
   * @param batch entries per transaction
   * @param skipTrash whether everything is removed for good
   */
  public RemoveTree(Namespace names, int batch, boolean skipTrash) {
    this.names = names;
    this.batch = batch;
    this.skipTrash = skipTrash;
  }

  /** A directory on the way down that is to be removed when it is empty. */
  private static final class Level {
    private final Ino parent;
    private final Name name;
    private final Ino ino;
    private int refilled;

    Level(Ino parent, Name name, Ino ino) {
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
      return 1;
    }
    return removeLevels(caller, new Level(parent, name, entry.ino()));
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
          removed += removeLevels(caller, level(directory, entry));
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
    long removed = 0;
    Deque<Level> levels = new ArrayDeque<>();
    levels.push(top);
    while (!levels.isEmpty()) {
      Level level = levels.peek();
      List<DirEntry> page = page(caller, level.ino);
      removed += unlinkFiles(caller, level.ino, page);
      List<DirEntry> directories = page.stream().filter(RemoveTree::isDirectory).toList();
      for (DirEntry entry : directories) {
        levels.push(level(level.ino, entry));
      }
      if (page.isEmpty() && rmdir(caller, level)) {
        levels.pop();
        removed++;
      }
    }
    return removed;
  }

  private static Level level(Ino parent, DirEntry entry) {
    return new Level(parent, entry.name(), entry.dentry().ino());
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
    return files.isEmpty() ? 0 : names.unlinkAll(caller, directory, files, skipTrash);
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
