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
import java.util.Deque;
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

  /** The entries of a directory that are still there, one by one. */
  void list(Caller caller, Ino directory, Visitor visitor) throws FsException, IOException {
    Object from = null;
    do {
      Page<DirEntry> page = meta.readdir(caller, directory, from, PAGE, true);
      for (DirEntry entry : page.rows()) {
        Attr found = entry.attr();
        if (found != null) {
          visitor.visit(entry.dentry().ino(), found);
        }
      }
      from = page.next();
    } while (from != null);
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
      list(
          caller,
          directory,
          (found, attributes) -> {
            visitor.visit(found, attributes);
            if (attributes.isDirectory() && reach == Reach.ALL) {
              left.push(found);
            }
          });
    }
  }

  /** The inode of an absolute path, or of {@code inode:N}; null if there is none. */
  @Nullable Ino resolve(Caller caller, String path) throws FsException {
    if (path.startsWith("inode:")) {
      return parseInode(path.substring("inode:".length()));
    }
    Ino at = Ino.ROOT;
    for (String part : path.split("/")) {
      if (!part.isEmpty()) {
        Name name = Name.of(part.getBytes(StandardCharsets.UTF_8));
        Entry entry = meta.lookup(caller, at, name);
        if (entry == null) {
          return null;
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
}
