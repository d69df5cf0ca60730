package io.jfs.meta.ops;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.txn.Ref;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The ways from two directories up to the first one that they share, observed, so that a commit
 * built on them fails when another client moves any directory on them.
 *
 * <p>That is enough to keep the tree a tree. Above the shared directory there is nothing that can
 * be moved between the two: a child of one of them found there would already be its own ancestor.
 */
final class Ancestors {
  private final MetaTxn txn;
  private final Way first;
  private final Way second;

  private Ancestors(MetaTxn txn, Ino first, Ino second) {
    this.txn = txn;
    this.first = new Way(first);
    this.second = new Way(second);
  }

  /**
   * Walks up from both at once, two reads per round trip where they are not known.
   *
   * @throws FsException ENOENT if a directory on the way is gone; ELOOP if a way never ends
   */
  static Ancestors between(MetaTxn txn, Ino first, Ino second) throws FsException {
    Ancestors ancestors = new Ancestors(txn, first, second);
    while (!ancestors.haveMet()) {
      ancestors.climb();
    }
    return ancestors;
  }

  /** Whether {@code ino} lies on the way from the first directory, which is on it itself. */
  boolean leadFromFirst(Ino ino) {
    return first.seen.contains(ino);
  }

  /** Whether {@code ino} lies on the way from the second directory, which is on it itself. */
  boolean leadFromSecond(Ino ino) {
    return second.seen.contains(ino);
  }

  private boolean haveMet() {
    return first.seen.contains(second.head) || second.seen.contains(first.head);
  }

  private void climb() throws FsException {
    List<Ref> refs = new ArrayList<>(2);
    first.addRef(refs);
    second.addRef(refs);
    txn.records().prefetch(refs.toArray(Ref[]::new));
    first.climb(txn);
    second.climb(txn);
  }

  private static final class Way {
    private final Set<Ino> seen = new LinkedHashSet<>();
    private Ino head;

    Way(Ino start) {
      head = start;
      seen.add(start);
    }

    private boolean isAtTop() {
      return head.equals(Ino.ROOT);
    }

    void addRef(List<Ref> refs) {
      if (!isAtTop() && !head.equals(Ino.TRASH_ROOT)) {
        refs.add(MetaTxn.attrRef(head));
      }
    }

    void climb(MetaTxn txn) throws FsException {
      if (isAtTop()) {
        return;
      }
      head = parentOf(txn, head);
      if (!seen.add(head)) {
        throw Errno.ELOOP.exception();
      }
    }

    private static Ino parentOf(MetaTxn txn, Ino directory) throws FsException {
      if (directory.equals(Ino.TRASH_ROOT)) {
        return Ino.ROOT;
      }
      @Nullable Attr attr = txn.attr(directory);
      if (attr == null) {
        throw Errno.ENOENT.exception();
      }
      return attr.parent();
    }
  }
}
