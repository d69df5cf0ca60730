package io.jfs.vfs.control;

import io.jfs.meta.Meta;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.DirEntry;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.txn.Page;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Walks through directories on behalf of commands. */
final class Tree {
  private static final int PAGE = 1000;

  private final Meta meta;

  Tree(Meta meta) {
    this.meta = meta;
  }

  /** Takes what a walk finds. */
  @FunctionalInterface
  interface Visitor {
    void visit(Ino ino, Attr attr) throws FsException, IOException;
  }

  /** How far a walk goes. */
  enum Reach {
    /** A directory's own entries. */
    CHILDREN,
    /** Everything below. */
    ALL
  }

  /** Visits an inode and, if it is a directory, what is below; entries that vanish are left out. */
  void walk(Caller caller, Ino ino, Reach reach, Visitor visitor) throws FsException, IOException {
    Attr attr = meta.getAttr(ino);
    visitor.visit(ino, attr);
    Deque<Ino> left = new ArrayDeque<>();
    if (attr.isDirectory()) {
      left.push(ino);
    }
    while (!left.isEmpty()) {
      Ino directory = left.pop();
      Object from = null;
      do {
        Page<DirEntry> page = meta.readdir(caller, directory, from, PAGE, true);
        for (DirEntry entry : page.rows()) {
          Attr found = entry.attr();
          if (found != null) {
            visitor.visit(entry.dentry().ino(), found);
            if (found.isDirectory() && reach == Reach.ALL) {
              left.push(entry.dentry().ino());
            }
          }
        }
        from = page.next();
      } while (from != null);
    }
  }

  /** The inode of an absolute path, or of {@code inode:N}; ENOENT. */
  Ino resolve(Caller caller, String path) throws FsException {
    if (path.startsWith("inode:")) {
      return parseInode(path.substring("inode:".length()));
    }
    Ino at = Ino.ROOT;
    for (String part : path.split("/")) {
      if (!part.isEmpty()) {
        Name name = Name.of(part.getBytes(StandardCharsets.UTF_8));
        Entry entry = meta.lookup(caller, at, name);
        if (entry == null) {
          throw Errno.ENOENT.exception();
        }
        at = entry.ino();
      }
    }
    return at;
  }

  private static Ino parseInode(String number) throws FsException {
    try {
      return new Ino(Long.parseLong(number));
    } catch (NumberFormatException e) {
      throw Errno.EINVAL.exception();
    }
  }

  /** A path of an inode; null if its parent is not known, as for hard links. */
  @Nullable String path(Ino ino) throws FsException {
    List<String> parts = new ArrayList<>();
    Ino at = ino;
    while (!at.equals(Ino.ROOT) && !at.equals(Ino.TRASH_ROOT)) {
      Ino parent = meta.getAttr(at).parent();
      String name = parent.equals(Ino.NONE) ? null : nameOf(parent, at);
      if (name == null) {
        return null;
      }
      parts.add(name);
      at = parent;
    }
    Collections.reverse(parts);
    return (at.equals(Ino.TRASH_ROOT) ? "/.trash/" : "/") + String.join("/", parts);
  }

  private @Nullable String nameOf(Ino directory, Ino ino) throws FsException {
    Object from = null;
    do {
      Page<DirEntry> page = meta.readdir(Caller.ROOT, directory, from, PAGE, false);
      for (DirEntry entry : page.rows()) {
        if (entry.dentry().ino().equals(ino)) {
          return entry.name().toString();
        }
      }
      from = page.next();
    } while (from != null);
    return null;
  }
}
