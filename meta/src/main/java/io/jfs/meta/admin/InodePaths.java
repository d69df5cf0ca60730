package io.jfs.meta.admin;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.record.Records;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.Observed;
import io.jfs.meta.txn.Page;
import io.jfs.meta.txn.Ref;
import io.jfs.meta.txn.Row;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Names inodes by their paths: climbs from parent to parent and looks for the names on the way. For
 * people; as of the moment, outside of transactions. Remembers directories that it has named. Not
 * thread safe.
 */
public final class InodePaths {
  private static final int PAGE = 1000;

  private final Engine engine;
  private final Map<Ino, String> directories = new HashMap<>();

  /** Names inodes of the engine's volume. */
  public InodePaths(Engine engine) {
    this.engine = engine;
    directories.put(Ino.ROOT, "/");
    directories.put(Ino.TRASH_ROOT, "/.trash");
  }

  /** All paths of an inode; none if no entry that can be reached from the root leads to it. */
  public List<String> of(Ino ino) {
    String known = directories.get(ino);
    if (known != null) {
      return List.of(known);
    }
    Attr attr = (Attr) fetch(new Ref.OfCell<>(Records.ATTR, ino));
    if (attr == null) {
      return List.of();
    }
    List<String> paths = new ArrayList<>();
    for (Ino parent : parents(ino, attr)) {
      String above = directory(parent);
      if (above != null) {
        names(parent, ino).forEach(name -> paths.add(join(above, name)));
      }
    }
    return paths;
  }

  /** The path of an entry; null if its directory cannot be reached from the root. */
  public @Nullable String of(Ino directory, Name name) {
    String above = directory(directory);
    return above == null ? null : join(above, name);
  }

  /** The inode that an absolute path leads to; null if it leads to none. */
  public @Nullable Ino find(String path) throws FsException {
    Ino at = Ino.ROOT;
    for (String part : path.split("/")) {
      if (!part.isEmpty()) {
        Name name = Name.of(part.getBytes(StandardCharsets.UTF_8));
        Dentry dentry = (Dentry) fetch(new Ref.OfField<>(Records.DENTRY, at, name));
        if (dentry == null) {
          return null;
        }
        at = dentry.ino();
      }
    }
    return at;
  }

  /** An inode and everything below it. */
  public Set<Ino> tree(Ino top) {
    Set<Ino> tree = new HashSet<>(Set.of(top));
    Deque<Ino> open = new ArrayDeque<>(List.of(top));
    while (!open.isEmpty()) {
      Ino directory = open.pop();
      Object from = null;
      do {
        Page<Row<Name, Dentry>> page = engine.list(Records.DENTRY, directory, from, PAGE);
        for (Row<Name, Dentry> row : page.rows()) {
          Dentry child = row.value();
          if (tree.add(child.ino()) && child.type() == FileType.DIRECTORY) {
            open.push(child.ino());
          }
        }
        from = page.next();
      } while (from != null);
    }
    return tree;
  }

  private Set<Ino> parents(Ino ino, Attr attr) {
    if (!attr.parent().equals(Ino.NONE)) {
      return Set.of(attr.parent());
    }
    Object rows = fetch(new Ref.OfRows<>(Records.PARENT, ino));
    Set<Ino> parents = new HashSet<>();
    if (rows instanceof Map<?, ?> counts) {
      counts.keySet().forEach(parent -> parents.add((Ino) parent));
    }
    return parents;
  }

  private @Nullable String directory(Ino ino) {
    List<Ino> climbed = new ArrayList<>();
    Set<Ino> seen = new HashSet<>();
    Ino at = ino;
    while (!directories.containsKey(at)) {
      Attr attr = (Attr) fetch(new Ref.OfCell<>(Records.ATTR, at));
      if (attr == null || !attr.isDirectory() || !seen.add(at)) {
        return null;
      }
      climbed.add(at);
      at = attr.parent();
    }
    for (int i = climbed.size() - 1; i >= 0; i--) {
      Ino child = climbed.get(i);
      List<Name> names = names(at, child);
      String above = directories.get(at);
      if (names.isEmpty() || above == null) {
        return null;
      }
      directories.put(child, join(above, names.get(0)));
      at = child;
    }
    return directories.get(ino);
  }

  private List<Name> names(Ino directory, Ino child) {
    List<Name> names = new ArrayList<>();
    Object from = null;
    do {
      Page<Row<Name, Dentry>> page = engine.list(Records.DENTRY, directory, from, PAGE);
      page.rows().stream()
          .filter(row -> row.value().ino().equals(child))
          .forEach(row -> names.add(row.key()));
      from = page.next();
    } while (from != null);
    return names;
  }

  private static String join(String directory, Name name) {
    return directory.equals("/") ? "/" + name : directory + "/" + name;
  }

  private @Nullable Object fetch(Ref ref) {
    Observed observed = engine.fetch(List.of(ref)).get(ref);
    return observed == null ? null : observed.value();
  }
}
