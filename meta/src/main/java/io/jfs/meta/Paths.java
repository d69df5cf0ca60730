package io.jfs.meta;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.DirEntry;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.ops.Lookup;
import io.jfs.meta.txn.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * The paths of an inode, found upwards from it by reading the directories that hold it: for tools,
 * not for every operation.
 */
final class Paths {
  private static final int PAGE = 1000;
  private static final String TRASH = "/.trash";

  private final Namespace names;
  private final Ino root;

  Paths(Namespace names, Ino root) {
    this.names = names;
    this.root = root;
  }

  /**
   * Absolute paths in this client's view, sorted; those under {@code .trash} for what was removed.
   * Empty if nothing leads to the inode, or nothing within this view.
   *
   * @throws FsException ENOENT
   */
  List<String> of(Ino ino) throws FsException {
    Ino real = names.real(ino);
    if (real.equals(root)) {
      return List.of("/");
    }
    if (real.equals(Ino.TRASH_ROOT)) {
      return List.of(TRASH);
    }
    TreeSet<String> paths = new TreeSet<>();
    for (Ino parent : parents(real)) {
      List<String> names = namesIn(parent, real);
      for (String directory : names.isEmpty() ? List.<String>of() : of(parent)) {
        names.forEach(
            name -> paths.add(directory.equals("/") ? "/" + name : directory + "/" + name));
      }
    }
    return List.copyOf(paths);
  }

  private List<Ino> parents(Ino ino) throws FsException {
    Attr attr = names.getAttr(ino);
    if (ino.equals(Ino.ROOT) || attr.parent().equals(ino)) {
      return List.of(); // Outside of a view that begins below.
    }
    return attr.parent().equals(Ino.NONE)
        ? names.operations().read(txn -> Lookup.parents(txn, ino))
        : List.of(attr.parent());
  }

  private List<String> namesIn(Ino directory, Ino ino) throws FsException {
    List<String> found = new ArrayList<>();
    Object from = null;
    do {
      Page<DirEntry> page = names.readdir(Caller.ROOT, directory, from, PAGE, false);
      page.rows().stream()
          .filter(entry -> entry.dentry().ino().equals(ino))
          .forEach(entry -> found.add(entry.name().toString()));
      from = page.next();
    } while (from != null);
    return found;
  }
}
