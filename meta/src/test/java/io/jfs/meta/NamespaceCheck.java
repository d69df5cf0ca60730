package io.jfs.meta;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.ops.Effects;
import io.jfs.meta.record.Cell;
import io.jfs.meta.record.Counter;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Records.Volume;
import io.jfs.meta.record.Table;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.Page;
import io.jfs.meta.txn.Row;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Says what is wrong with a volume's names and attributes, from its records alone: orphans,
 * dangling entries, link counts, parents, loops, counters, leftovers.
 */
final class NamespaceCheck {
  private final Engine engine;
  private final List<String> complaints = new ArrayList<>();
  private final Map<Ino, Attr> attrs = new HashMap<>();
  private final Map<Ino, Map<Name, Dentry>> entries = new HashMap<>();
  private final Map<Ino, Map<Ino, Long>> linksFrom = new HashMap<>();
  private final Set<Ino> sustained = new HashSet<>();

  private NamespaceCheck(Engine engine) {
    this.engine = engine;
  }

  /** Everything that is wrong; empty if nothing is. */
  static List<String> complaints(Engine engine) {
    NamespaceCheck check = new NamespaceCheck(engine);
    check.load();
    check.checkEntries();
    check.checkInodes();
    check.checkReachable();
    check.checkLeftovers();
    check.checkCounters();
    return check.complaints;
  }

  /**
   * As {@link #complaints}, and whether the effects that clients were handed add up to what lies in
   * the directories.
   */
  static List<String> complaints(Engine engine, Collection<Effects> effects) {
    NamespaceCheck check = new NamespaceCheck(engine);
    check.load();
    check.checkEffects(effects);
    List<String> all = new ArrayList<>(complaints(engine));
    all.addAll(check.complaints);
    return all;
  }

  private void load() {
    for (Row<Ino, Attr> row : cells(Records.ATTR)) {
      attrs.put(row.key(), row.value());
    }
    for (Row<Ino, Row<Name, Dentry>> row : rows(Records.DENTRY)) {
      Dentry dentry = row.value().value();
      entries.computeIfAbsent(row.key(), k -> new HashMap<>()).put(row.value().key(), dentry);
      linksFrom.computeIfAbsent(dentry.ino(), k -> new HashMap<>()).merge(row.key(), 1L, Long::sum);
    }
    for (Row<Long, Row<Ino, Boolean>> row : rows(Records.SUSTAINED)) {
      if (!sustained.add(row.value().key())) {
        complain("inode %s is sustained twice", row.value().key());
      }
    }
  }

  private void checkEntries() {
    entries.forEach(
        (directory, names) -> {
          Attr attr = attrs.get(directory);
          if (!directory.equals(Ino.TRASH_ROOT) && (attr == null || !attr.isDirectory())) {
            complain("entries %s in %s, which is no directory", names, directory);
          }
          names.forEach((name, dentry) -> checkEntry(directory, name, dentry));
        });
  }

  private void checkEntry(Ino directory, Name name, Dentry dentry) {
    Attr attr = attrs.get(dentry.ino());
    if (attr == null) {
      complain("entry %s/%s leads to %s, which is not there", directory, name, dentry);
    } else if (attr.type() != dentry.type()) {
      complain("entry %s/%s is %s, its inode %s", directory, name, dentry, attr.type());
    }
  }

  private void checkInodes() {
    attrs.forEach(
        (ino, attr) -> {
          if (ino.equals(Ino.ROOT) || ino.equals(Ino.TRASH_ROOT)) {
            checkSubdirectories(ino, attr);
          } else if (attr.isDirectory()) {
            checkSubdirectories(ino, attr);
            checkParents(ino, attr, Map.of(attr.parent(), 1L));
          } else {
            checkFile(ino, attr);
          }
        });
    for (Ino ino : sustained) {
      if (!attrs.containsKey(ino)) {
        complain("sustained %s is not there", ino);
      }
    }
  }

  private void checkSubdirectories(Ino ino, Attr attr) {
    boolean trash = ino.isTrash();
    long subdirectories =
        entries.getOrDefault(ino, Map.of()).values().stream()
            .filter(dentry -> !trash && dentry.type() == FileType.DIRECTORY)
            .count();
    if (attr.nlink() != 2 + subdirectories) {
      complain("directory %s has %d links, not 2 + %d", ino, attr.nlink(), subdirectories);
    }
  }

  private void checkFile(Ino ino, Attr attr) {
    Map<Ino, Long> found = linksFrom.getOrDefault(ino, Map.of());
    long links = found.values().stream().mapToLong(Long::longValue).sum();
    boolean held = sustained.contains(ino);
    if (attr.nlink() != links || held != (links == 0)) {
      complain("inode %s has %d links, %s; sustained %s", ino, attr.nlink(), found, held);
    }
    if (attr.parent().equals(Ino.NONE)) {
      Map<Ino, Long> counted = parents(ino);
      counted.values().removeIf(count -> count == 0);
      if (links > 0 && !counted.equals(found)) {
        complain("inode %s counts parents %s, not %s", ino, counted, found);
      }
    } else if (links > 0) {
      checkParents(ino, attr, Map.of(attr.parent(), 1L));
    }
  }

  private void checkParents(Ino ino, Attr attr, Map<Ino, Long> expected) {
    Map<Ino, Long> found = linksFrom.getOrDefault(ino, Map.of());
    if (!found.equals(expected)) {
      complain("inode %s (%s) is found in %s, its parent is %s", ino, attr.type(), found, expected);
    }
  }

  private Map<Ino, Long> parents(Ino ino) {
    Map<Ino, Long> counted = new HashMap<>();
    for (Row<Ino, Row<Ino, Long>> row : rows(Records.PARENT)) {
      if (row.key().equals(ino)) {
        counted.put(row.value().key(), row.value().value());
      }
    }
    return counted;
  }

  private void checkReachable() {
    Set<Ino> reached = new HashSet<>();
    List<Ino> waiting = new ArrayList<>(List.of(Ino.ROOT, Ino.TRASH_ROOT));
    while (!waiting.isEmpty()) {
      Ino ino = waiting.remove(waiting.size() - 1);
      if (reached.add(ino)) {
        entries.getOrDefault(ino, Map.of()).values().forEach(dentry -> waiting.add(dentry.ino()));
      }
    }
    for (Ino ino : attrs.keySet()) {
      if (!reached.contains(ino) && !sustained.contains(ino)) {
        complain("inode %s cannot be reached from the root: %s", ino, attrs.get(ino));
      }
    }
  }

  private void checkLeftovers() {
    for (Row<Ino, byte[]> row : cells(Records.SYMLINK)) {
      Attr attr = attrs.get(row.key());
      if (attr == null || attr.type() != FileType.SYMLINK) {
        complain("a target for %s, which is no symlink", row.key());
      }
    }
    for (Row<Ino, Row<Name, byte[]>> row : rows(Records.XATTR)) {
      if (!attrs.containsKey(row.key())) {
        complain("xattrs of %s, which is not there", row.key());
      }
    }
    for (Row<Ino, Row<Ino, Long>> row : rows(Records.PARENT)) {
      Attr attr = attrs.get(row.key());
      if (attr == null || !attr.parent().equals(Ino.NONE)) {
        complain("parents of %s, which is %s", row.key(), attr);
      }
    }
    for (Row<Volume, Row<Records.DeletedFile, Long>> row : rows(Records.DELETED_FILE)) {
      if (attrs.containsKey(row.value().key().ino())) {
        complain("%s still has attributes", row.value().key());
      }
    }
    for (Row<Ino, long[]> row : counters(Records.DIR_STAT)) {
      Attr attr = attrs.get(row.key());
      if (attr == null || !attr.isDirectory()) {
        complain("a stat of %s, which is no directory", row.key());
      }
    }
  }

  private void checkCounters() {
    long space = 0;
    long inodes = 0;
    for (Map.Entry<Ino, Attr> entry : attrs.entrySet()) {
      if (!entry.getKey().equals(Ino.ROOT) && !entry.getKey().equals(Ino.TRASH_ROOT)) {
        space += entry.getValue().usedSpaceBytes();
        inodes++;
      }
    }
    checkCounter(Records.USED_SPACE, space);
    checkCounter(Records.USED_INODES, inodes);
  }

  private void checkCounter(Counter<Volume> counter, long expected) {
    long stored = counters(counter).stream().mapToLong(row -> row.value()[0]).sum();
    if (stored != expected) {
      complain("%s is %d, not %d", counter, stored, expected);
    }
  }

  private void checkEffects(Collection<Effects> effects) {
    Map<Ino, Long> told = new HashMap<>();
    Map<Integer, Long> toldUsers = new HashMap<>();
    for (Effects each : effects) {
      each.dirStats().forEach(s -> told.merge(s.directory(), s.inodes(), Long::sum));
      each.usages().stream()
          .filter(usage -> usage.uid() >= 0)
          .forEach(usage -> toldUsers.merge(usage.uid(), usage.inodes(), Long::sum));
    }
    attrs.forEach(
        (ino, attr) -> {
          long count = entries.getOrDefault(ino, Map.of()).size();
          if (attr.isDirectory()
              && !ino.equals(Ino.TRASH_ROOT)
              && count != told.getOrDefault(ino, 0L)) {
            complain("%s has %d entries, the effects say %d", ino, count, told.get(ino));
          }
        });
    Map<Integer, Long> owned = new HashMap<>();
    attrs.forEach(
        (ino, attr) -> {
          if (!ino.equals(Ino.ROOT) && !ino.isTrash()) {
            owned.merge(attr.uid(), 1L, Long::sum);
          }
        });
    toldUsers.values().removeIf(count -> count == 0);
    if (!owned.equals(toldUsers)) {
      complain("users own %s, the effects say %s", owned, toldUsers);
    }
  }

  private void complain(String format, Object... arguments) {
    complaints.add(String.format(java.util.Locale.ROOT, format, arguments));
  }

  private <K, V> List<Row<K, V>> cells(Cell<K, V> cell) {
    return all(from -> engine.scan(cell, from, 500));
  }

  private <K, F, V> List<Row<K, Row<F, V>>> rows(Table<K, F, V> table) {
    return all(from -> engine.scan(table, from, 500));
  }

  private <K> List<Row<K, long[]>> counters(Counter<K> counter) {
    return all(from -> engine.scan(counter, from, 500));
  }

  private static <R> List<R> all(Function<Object, Page<R>> scan) {
    List<R> rows = new ArrayList<>();
    Object from = null;
    do {
      Page<R> page = scan.apply(from);
      rows.addAll(page.rows());
      from = page.next();
    } while (from != null);
    return rows;
  }
}
