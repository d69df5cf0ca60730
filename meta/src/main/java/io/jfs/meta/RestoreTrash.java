package io.jfs.meta;

import io.jfs.meta.model.Caller;
import io.jfs.meta.model.DirEntry;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.ops.Place;
import io.jfs.meta.ops.Trash;
import io.jfs.meta.txn.Page;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Brings back what was deleted within an hour. The trash holds a deleted tree as single entries,
 * each named after the directory that it was in. Either they are put back where they were, or only
 * into those directories that lie in the trash of the same hour: this rebuilds deleted trees there.
 */
public final class RestoreTrash {
  private static final int PAGE = 1000;

  private final Namespace names;

  RestoreTrash(Namespace names) {
    this.names = names;
  }

  /** Where entries go. */
  public enum Target {
    /** Into the directories that lie in the trash of the same hour; others stay. */
    TREES,
    /** Where they were. */
    ORIGIN
  }

  /** Is told of each entry, from any thread. */
  public interface Listener {
    /** So many entries there are. */
    void found(long entries);

    /** One is where it belongs. */
    void restored();

    /** One is to stay in the trash. */
    void kept();

    /**
     * One stays although it should not: EEXIST if another has its name, ENOENT if the directory it
     * was in is gone.
     */
    void failed(Name trashName, Errno errno);
  }

  /**
   * Restores the entries of an hour.
   *
   * @param hour the name of an hourly trash directory, {@code YYYY-MM-DD-HH} in UTC
   * @throws FsException ENOENT if there is none; EROFS
   */
  public void run(Name hour, Target target, int threads, Listener listener) throws FsException {
    Entry directory = names.lookup(Caller.ROOT, Ino.TRASH_ROOT, hour);
    if (directory == null) {
      throw Errno.ENOENT.exception();
    }
    Ino trash = directory.ino();
    // All are listed before the first is moved away: a listing need not bear changes.
    List<Name> entries = new ArrayList<>();
    Set<Ino> directories = new HashSet<>();
    list(trash, entries, directories);
    listener.found(entries.size());
    TreeCrew.<List<Name>, RuntimeException>run(
        threads,
        entries,
        (some, also) -> {
          if (some.size() > 1) {
            also.accept(some.subList(0, some.size() / 2));
            also.accept(some.subList(some.size() / 2, some.size()));
          } else if (some.size() == 1) {
            restore(trash, some.get(0), target, directories, listener);
          }
        });
  }

  private void list(Ino trash, List<Name> entries, Set<Ino> directories) throws FsException {
    Object from = null;
    do {
      Page<DirEntry> page = names.readdir(Caller.ROOT, trash, from, PAGE, false);
      for (DirEntry entry : page.rows()) {
        entries.add(entry.name());
        if (entry.dentry().type() == FileType.DIRECTORY) {
          directories.add(entry.dentry().ino());
        }
      }
      from = page.next();
    } while (from != null);
  }

  private void restore(
      Ino trash, Name entry, Target target, Set<Ino> directories, Listener listener)
      throws FsException {
    Place origin = Trash.originOf(entry);
    if (target == Target.TREES && (origin == null || !directories.contains(origin.directory()))) {
      listener.kept();
      return;
    }
    try {
      names.restore(Caller.ROOT, trash, entry);
      listener.restored();
    } catch (FsException e) {
      if (e.errno() == Errno.EROFS) {
        throw e;
      }
      listener.failed(entry, e.errno());
    }
  }
}
