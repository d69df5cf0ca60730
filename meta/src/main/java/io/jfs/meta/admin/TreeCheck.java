package io.jfs.meta.admin;

import io.jfs.meta.admin.Finding.Kind;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.record.Counter;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Records.Volume;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Inodes, entries, links, parents, sums. First {@link #run} collects, then whoever knows of inodes
 * that may be without a link says so ({@link #excuse}), then {@link #judge} tells.
 */
final class TreeCheck {
  private final Scans scans;
  private final Consumer<Finding> findings;
  private final Map<Ino, Inode> inodes = new HashMap<>();
  private final Map<Ino, Map<Ino, Long>> hardLinks = new HashMap<>();
  private final Set<Ino> excused = new HashSet<>();
  private final Map<Ino, List<Place>> unread = new HashMap<>();
  private final Set<Ino> unsure = new HashSet<>();
  private final TreeRemedies remedies;

  TreeCheck(Scans scans, TreeRemedies remedies, Consumer<Finding> findings) {
    this.scans = scans;
    this.remedies = remedies;
    this.findings = findings;
  }

  /** An entry that leads to an inode. */
  private record Place(Ino directory, Name name, Dentry dentry) {}

  /** What is kept of an inode while checking. */
  private static final class Inode {
    private final FileType type;
    private final int nlink;
    private final long lengthBytes;
    private final long spaceBytes;
    private final Ino parent;
    private int links;
    private int subdirectories;
    private long @Nullable [] sums;
    private boolean reachable;

    Inode(Attr attr) {
      type = attr.type();
      nlink = attr.nlink();
      lengthBytes = attr.isRegular() ? attr.lengthBytes() : 0;
      spaceBytes = attr.usedSpaceBytes();
      parent = attr.parent();
    }

    boolean isDirectory() {
      return type == FileType.DIRECTORY;
    }

    void gained(Inode child) {
      if (sums == null) {
        sums = new long[3];
      }
      sums[0] += child.lengthBytes;
      sums[1] += child.spaceBytes;
      sums[2]++;
    }
  }

  boolean exists(Ino ino) {
    return inodes.containsKey(ino) || unread.containsKey(ino);
  }

  boolean isFile(Ino ino) {
    Inode inode = inodes.get(ino);
    return unread.containsKey(ino) || (inode != null && inode.type == FileType.REGULAR);
  }

  /** This inode may be without a link. */
  void excuse(Ino ino) {
    excused.add(ino);
  }

  private void find(Kind kind, Ino ino, String detail) {
    find(kind, ino, detail, null);
  }

  private void find(Kind kind, Ino ino, String detail, @Nullable Remedy remedy) {
    findings.accept(Finding.of(kind, ino, detail, remedy));
  }

  void run() {
    scans.each(
        Records.ATTR,
        (ino, attr) -> inodes.put(ino, new Inode(attr)),
        ino -> unread.put(ino, new ArrayList<>()));
    scans.each(Records.DENTRY, this::collect);
    unread.forEach(this::findUnread);
    if (!exists(Ino.ROOT)) {
      find(Kind.VOLUME_INCOMPLETE, Ino.ROOT, "the root directory has no attributes");
    }
  }

  private void findUnread(Ino ino, List<Place> places) {
    Remedy remedy = null;
    if (!places.isEmpty()) {
      Place place = places.get(0);
      remedy = remedies.rebuilt(place.directory(), place.name(), place.dentry(), places.size());
    }
    find(Kind.CORRUPT_ATTR, ino, "its attributes cannot be read", remedy);
  }

  private void collect(Ino directory, Name name, Dentry dentry) {
    Inode parent = inodes.get(directory);
    if (!unread.containsKey(directory) && (parent == null || !parent.isDirectory())) {
      find(Kind.ENTRY_OUTSIDE_DIRECTORY, directory, "has an entry " + name + " -> " + dentry.ino());
    }
    List<Place> unreadPlaces = unread.get(dentry.ino());
    if (unreadPlaces != null) {
      unreadPlaces.add(new Place(directory, name, dentry));
      unsure.add(directory);
      countSubdirectory(directory, parent, dentry.type());
      return;
    }
    Inode child = inodes.get(dentry.ino());
    if (child == null) {
      findings.accept(
          new Finding(
              Kind.DANGLING_ENTRY,
              directory,
              "leads to inode " + dentry.ino() + ", which is not there",
              name,
              null,
              remedies.dangling(directory, name, dentry, 1)));
      return;
    }
    if (child.type != dentry.type()) {
      findings.accept(
          new Finding(
              Kind.WRONG_TYPE,
              directory,
              "says " + dentry.type() + ", inode " + dentry.ino() + " is " + child.type,
              name,
              null,
              remedies.type(directory, name, dentry.ino())));
    }
    child.links++;
    if (child.parent.equals(Ino.NONE)) {
      hardLinks.computeIfAbsent(dentry.ino(), i -> new HashMap<>()).merge(directory, 1L, Long::sum);
    } else if (!child.parent.equals(directory)) {
      find(
          Kind.WRONG_PARENT,
          dentry.ino(),
          "is in " + directory + ", says " + child.parent,
          remedies.parent(dentry.ino(), child.parent, directory, name));
    }
    if (parent != null) {
      parent.gained(child);
    }
    countSubdirectory(directory, parent, child.type);
  }

  private static void countSubdirectory(Ino directory, @Nullable Inode parent, FileType type) {
    if (parent != null && type == FileType.DIRECTORY && !directory.isTrash()) {
      parent.subdirectories++;
    }
  }

  void judge() {
    inodes.forEach(this::judge);
    checkParentTable();
    checkReachable();
    checkSums();
    checkTotals();
    checkLeftovers();
  }

  private void judge(Ino ino, Inode inode) {
    boolean isTop = ino.equals(Ino.ROOT) || ino.equals(Ino.TRASH_ROOT);
    long expected = inode.isDirectory() ? 2L + inode.subdirectories : inode.links;
    if (inode.nlink != expected) {
      find(
          Kind.WRONG_LINK_COUNT,
          ino,
          "says " + inode.nlink + " links, has " + expected,
          expected == 0 ? null : remedies.nlink(ino, inode.nlink, expected));
    }
    if (inode.links == 0 && !isTop && !excused.contains(ino)) {
      find(
          Kind.ORPHAN_INODE,
          ino,
          inode.type + " without an entry",
          inode.nlink == 0 ? remedies.unlinked(ino) : remedies.adopted(ino));
    }
    if (inode.isDirectory() && inode.links > 1) {
      find(Kind.WRONG_LINK_COUNT, ino, "directory with " + inode.links + " entries");
    }
  }

  private void checkParentTable() {
    Map<Ino, Map<Ino, Long>> stored = new HashMap<>();
    scans.each(
        Records.PARENT,
        (ino, parent, links) -> {
          if (!exists(ino)) {
            find(
                Kind.LEFTOVER,
                ino,
                "parent table of an inode that is not there",
                remedies.leftover(ino));
          } else if (links > 0) {
            stored.computeIfAbsent(ino, i -> new HashMap<>()).put(parent, links);
          }
        });
    hardLinks.forEach(
        (ino, found) -> {
          Map<Ino, Long> said = stored.getOrDefault(ino, Map.of());
          if (!said.equals(found)) {
            find(
                Kind.WRONG_PARENT_TABLE,
                ino,
                "says " + said + ", is in " + found,
                remedies.parentTable(ino, found));
          }
        });
  }

  /** Every directory leads up to a top; a loop of directories does not. */
  private void checkReachable() {
    mark(Ino.ROOT);
    mark(Ino.TRASH_ROOT);
    excused.forEach(this::mark);
    if (!unread.isEmpty()) {
      return; // What lies below one of them is found when that is repaired.
    }
    inodes.forEach(
        (ino, inode) -> {
          if (inode.isDirectory() && inode.links > 0 && !climb(ino)) {
            find(Kind.UNREACHABLE_DIRECTORY, ino, "its parents do not lead to the root");
          }
        });
  }

  private void mark(Ino ino) {
    Inode inode = inodes.get(ino);
    if (inode != null) {
      inode.reachable = true;
    }
  }

  private boolean climb(Ino from) {
    List<Inode> path = new ArrayList<>();
    Set<Ino> seen = new HashSet<>();
    Ino at = from;
    Inode inode = inodes.get(at);
    while (inode != null && !inode.reachable && seen.add(at)) {
      path.add(inode);
      at = inode.parent;
      inode = inodes.get(at);
    }
    boolean reached = inode != null && inode.reachable;
    if (reached) {
      path.forEach(passed -> passed.reachable = true);
    }
    return reached;
  }

  private void checkSums() {
    scans.each(
        Records.DIR_STAT,
        (ino, stored) -> {
          Inode inode = inodes.get(ino);
          if (unread.containsKey(ino) || unsure.contains(ino)) {
            return;
          }
          if (inode == null || !inode.isDirectory()) {
            find(
                Kind.LEFTOVER,
                ino,
                "statistics of a directory that is not there",
                remedies.leftover(ino));
            return;
          }
          long[] sums = inode.sums == null ? new long[3] : inode.sums;
          if (!Arrays.equals(sums, stored)) {
            find(
                Kind.WRONG_DIR_STAT,
                ino,
                "says " + Arrays.toString(stored) + ", is " + Arrays.toString(sums),
                remedies.sums(ino, stored, sums));
          }
        });
  }

  private void checkTotals() {
    if (!unread.isEmpty()) {
      return; // Nobody knows what those use.
    }
    long spaceBytes = 0;
    long number = 0;
    for (Map.Entry<Ino, Inode> each : inodes.entrySet()) {
      if (!each.getKey().equals(Ino.ROOT) && !each.getKey().equals(Ino.TRASH_ROOT)) {
        spaceBytes += each.getValue().spaceBytes;
        number++;
      }
    }
    checkTotal(Records.USED_SPACE, spaceBytes);
    checkTotal(Records.USED_INODES, number);
  }

  private void checkTotal(Counter<Volume> counter, long expected) {
    long[] stored = new long[1];
    scans.each(counter, (volume, values) -> stored[0] += values[0]);
    if (stored[0] != expected) {
      find(
          Kind.WRONG_COUNTER,
          Ino.NONE,
          counter + " says " + stored[0] + ", is " + expected,
          remedies.total(counter, stored[0], expected));
    }
  }

  private void checkLeftovers() {
    scans.each(
        Records.XATTR,
        (ino, name, value) -> {
          if (!exists(ino)) {
            find(
                Kind.LEFTOVER,
                ino,
                "xattr " + name + " of an inode that is not there",
                remedies.leftover(ino));
          }
        });
    Set<Ino> targets = new HashSet<>();
    scans.each(Records.SYMLINK, (ino, target) -> targets.add(ino));
    inodes.forEach(
        (ino, inode) -> {
          if (inode.type == FileType.SYMLINK && !targets.remove(ino)) {
            find(Kind.SYMLINK_MISMATCH, ino, "symlink without a target");
          }
        });
    targets.removeAll(unread.keySet());
    targets.forEach(
        ino -> find(Kind.SYMLINK_MISMATCH, ino, "target of something that is no symlink"));
  }
}
