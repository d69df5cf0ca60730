package io.jfs.meta;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FileType;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What names and attributes should do, said once more and as plainly as possible: a tree of objects
 * in memory, without transactions, trash or time. Methods answer null for success.
 */
final class ModelTree {
  /** An inode. */
  static final class Node {
    final FileType type;
    final TreeMap<String, Node> children = new TreeMap<>();
    final TreeMap<String, Integer> xattrs = new TreeMap<>();
    @Nullable Node parent;
    int mode;
    int uid;
    int gid;
    int flags;
    int links;

    Node(FileType type, int mode, int uid, int gid) {
      this.type = type;
      this.mode = mode;
      this.uid = uid;
      this.gid = gid;
    }

    boolean isDirectory() {
      return type == FileType.DIRECTORY;
    }

    int nlink() {
      long directories = children.values().stream().filter(Node::isDirectory).count();
      return isDirectory() ? 2 + (int) directories : links;
    }

    boolean isImmutable() {
      return (flags & Attr.FLAG_IMMUTABLE) != 0;
    }

    boolean isProtected() {
      return (flags & (Attr.FLAG_IMMUTABLE | Attr.FLAG_APPEND)) != 0;
    }

    boolean isSticky() {
      return (mode & Attr.STICKY) != 0;
    }
  }

  final Node root = new Node(FileType.DIRECTORY, 0777, 0, 0);

  private static boolean allows(Caller caller, Node node, int mask) {
    int shift = caller.uid() == node.uid ? 6 : caller.inGroup(node.gid) ? 3 : 0;
    return caller.isRoot() || (node.mode >> shift & mask) == mask;
  }

  private static boolean sticks(Caller caller, Node directory, Node node) {
    return directory.isSticky()
        && !caller.isRoot()
        && caller.uid() != directory.uid
        && caller.uid() != node.uid;
  }

  private static @Nullable Errno home(Caller caller, Node directory) {
    if (!directory.isDirectory()) {
      return Errno.ENOTDIR;
    }
    if (!allows(caller, directory, 3)) {
      return Errno.EACCES;
    }
    return directory.isImmutable() ? Errno.EPERM : null;
  }

  private static void attach(Node directory, String name, Node node) {
    directory.children.put(name, node);
    node.links++;
    if (node.isDirectory()) {
      node.parent = directory;
    }
  }

  private static void detach(Node directory, String name) {
    Node node = directory.children.remove(name);
    if (node != null) {
      node.links--;
    }
  }

  @Nullable Errno create(Caller caller, Node directory, String name, FileType type, int mode) {
    Errno refusal = home(caller, directory);
    if (refusal != null) {
      return refusal;
    }
    if (directory.children.containsKey(name)) {
      return Errno.EEXIST;
    }
    boolean setgid = (directory.mode & Attr.SETGID) != 0;
    int own = setgid && type == FileType.DIRECTORY ? mode | Attr.SETGID : mode;
    attach(
        directory, name, new Node(type, own, caller.uid(), setgid ? directory.gid : caller.gid()));
    return null;
  }

  @Nullable Errno link(Caller caller, Node node, Node directory, String name) {
    if (node.isDirectory()) {
      return Errno.EPERM;
    }
    Errno refusal = home(caller, directory);
    if (refusal != null) {
      return refusal;
    }
    if (node.isProtected()) {
      return Errno.EPERM;
    }
    if (directory.children.containsKey(name)) {
      return Errno.EEXIST;
    }
    attach(directory, name, node);
    return null;
  }

  @Nullable Errno unlink(Caller caller, Node directory, String name) {
    Errno refusal = search(caller, directory);
    if (refusal != null) {
      return refusal;
    }
    Node node = directory.children.get(name);
    if (node == null) {
      return Errno.ENOENT;
    }
    if (node.isDirectory()) {
      return Errno.EPERM;
    }
    refusal = takeFrom(caller, directory, node);
    if (refusal == null && node.isProtected()) {
      refusal = Errno.EPERM;
    }
    if (refusal == null) {
      detach(directory, name);
    }
    return refusal;
  }

  @Nullable Errno rmdir(Caller caller, Node directory, String name) {
    Errno refusal = search(caller, directory);
    if (refusal != null) {
      return refusal;
    }
    Node node = directory.children.get(name);
    if (node == null) {
      return Errno.ENOENT;
    }
    if (!node.isDirectory()) {
      return Errno.ENOTDIR;
    }
    refusal = takeFrom(caller, directory, node);
    if (refusal == null && !node.children.isEmpty()) {
      refusal = Errno.ENOTEMPTY;
    }
    if (refusal == null) {
      detach(directory, name);
    }
    return refusal;
  }

  private static @Nullable Errno search(Caller caller, Node directory) {
    if (!directory.isDirectory()) {
      return Errno.ENOTDIR;
    }
    return allows(caller, directory, 1) ? null : Errno.EACCES;
  }

  private static @Nullable Errno takeFrom(Caller caller, Node directory, Node node) {
    if (!allows(caller, directory, 2)) {
      return Errno.EACCES;
    }
    if (directory.isProtected()) {
      return Errno.EPERM;
    }
    return sticks(caller, directory, node) ? Errno.EACCES : null;
  }

  /** {@code flags} as of renameat2: 0, 1 or 2. */
  @Nullable Errno rename(
      Caller caller, Node from, String name, Node to, String newName, int flags) {
    Errno refusal = search(caller, from);
    refusal = refusal == null ? search(caller, to) : refusal;
    if (refusal != null) {
      return refusal;
    }
    Node node = from.children.get(name);
    Node target = to.children.get(newName);
    if (node == null) {
      return Errno.ENOENT;
    }
    if (!allows(caller, from, 2) || !allows(caller, to, 2)) {
      return Errno.EACCES;
    }
    if (from.isProtected() || to.isImmutable() || (flags == 2 && to.isProtected())) {
      return Errno.EPERM;
    }
    if (target != null && (flags == 1 || target == node)) {
      return flags == 1 ? Errno.EEXIST : null;
    }
    refusal = mayLeave(caller, from, node, to);
    if (refusal != null) {
      return refusal;
    }
    return flags == 2
        ? exchange(caller, from, name, node, to, newName, target)
        : move(caller, from, name, node, to, newName, target);
  }

  private static @Nullable Errno mayLeave(Caller caller, Node from, Node node, Node to) {
    if (node.isProtected()) {
      return Errno.EPERM;
    }
    boolean stays = from == to || !node.isDirectory();
    boolean othersInSticky =
        from.isSticky() && !caller.isRoot() && caller.uid() != node.uid && !stays;
    boolean closed = !stays && !allows(caller, node, 2);
    return sticks(caller, from, node) || othersInSticky || closed ? Errno.EACCES : null;
  }

  private @Nullable Errno exchange(
      Caller caller,
      Node from,
      String name,
      Node node,
      Node to,
      String newName,
      @Nullable Node target) {
    if (target == null) {
      return Errno.ENOENT;
    }
    Errno refusal = mayLeave(caller, to, target, from);
    if (refusal != null) {
      return refusal;
    }
    if (isBelow(to, node) || isBelow(from, target)) {
      return Errno.EINVAL;
    }
    detach(from, name);
    detach(to, newName);
    attach(from, name, target);
    attach(to, newName, node);
    return null;
  }

  private @Nullable Errno move(
      Caller caller,
      Node from,
      String name,
      Node node,
      Node to,
      String newName,
      @Nullable Node target) {
    if (isBelow(to, node)) {
      return Errno.EINVAL;
    }
    if (target != null) {
      if (sticks(caller, to, target)) {
        return Errno.EACCES;
      }
      if (target.isProtected()) {
        return Errno.EPERM;
      }
      if (node.isDirectory() != target.isDirectory()) {
        return target.isDirectory() ? Errno.EISDIR : Errno.ENOTDIR;
      }
      if (!target.children.isEmpty()) {
        return Errno.ENOTEMPTY;
      }
      detach(to, newName);
    }
    detach(from, name);
    attach(to, newName, node);
    return null;
  }

  private static boolean isBelow(Node node, Node ancestor) {
    for (Node n = node; n != null; n = n.parent) {
      if (n == ancestor) {
        return true;
      }
    }
    return false;
  }

  @Nullable Errno chmod(Caller caller, Node node, int mode) {
    if (node.isProtected()) {
      return Errno.EPERM;
    }
    int wanted = mode;
    if (!caller.isRoot() && !caller.inGroup(node.gid)) {
      wanted &= ~Attr.SETGID;
    }
    int setIds = Attr.SETUID | Attr.SETGID;
    boolean drops =
        wanted != node.mode
            && (wanted | setIds) == (node.mode | setIds)
            && (wanted & ~node.mode) == 0;
    if (!caller.isRoot() && caller.uid() != node.uid && !drops) {
      return Errno.EPERM;
    }
    node.mode = wanted;
    return null;
  }

  @Nullable Errno chown(Caller caller, Node node, int uid, int gid) {
    boolean owner = caller.isRoot() || caller.uid() == node.uid;
    boolean newGroup = gid != node.gid && !caller.isRoot() && !caller.inGroup(gid);
    boolean newUser = uid != node.uid && !caller.isRoot();
    if (node.isProtected() || !owner || newGroup || newUser) {
      return Errno.EPERM;
    }
    node.uid = uid;
    node.gid = gid;
    if (!node.isDirectory() && (node.mode & (Attr.SETUID | Attr.SETGID)) != 0) {
      boolean both = !caller.isRoot() || (node.mode & 010) != 0;
      node.mode &= ~(both ? Attr.SETUID | Attr.SETGID : Attr.SETUID);
    }
    return null;
  }

  @Nullable Errno chattr(Caller caller, Node node, int flags) {
    if (!caller.isRoot() && (caller.uid() != node.uid || flags != node.flags)) {
      return Errno.EPERM;
    }
    node.flags = flags;
    return null;
  }

  @Nullable Errno setXattr(Caller caller, Node node, String name, int value) {
    if (node.isProtected()) {
      return Errno.EPERM;
    }
    if (node.type != FileType.REGULAR && !node.isDirectory()) {
      return Errno.EPERM;
    }
    if (node.isDirectory() && node.isSticky() && !caller.isRoot() && caller.uid() != node.uid) {
      return Errno.EPERM;
    }
    if (!allows(caller, node, 2)) {
      return Errno.EACCES;
    }
    node.xattrs.put(name, value);
    return null;
  }

  /** Everything below a node, one line per name. */
  static void show(Node node, String path, Map<String, String> out, Map<Node, String> seen) {
    String first = seen.putIfAbsent(node, path);
    out.put(
        path,
        String.format(
            java.util.Locale.ROOT,
            "%s %o %d %d flags %d links %d %s %s",
            node.type,
            node.mode,
            node.uid,
            node.gid,
            node.flags,
            node.nlink(),
            node.xattrs,
            first == null ? "" : "= " + first));
    node.children.forEach((name, child) -> show(child, path + "/" + name, out, seen));
  }
}
