package io.jfs.meta;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.meta.model.Ino;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which inodes this client holds open, and which of them may have lost their last link meanwhile.
 * The latter is known from being asked: an operation that removes a last link asks {@link
 * #sustains} right before its commit. Thread safe.
 */
final class OpenInodes {
  @GuardedBy("this")
  private final Map<Ino, Integer> handles = new HashMap<>();

  @GuardedBy("this")
  private final Set<Ino> suspects = new HashSet<>();

  synchronized void opened(Ino ino) {
    handles.merge(ino, 1, Integer::sum);
  }

  /**
   * Counts a handle out.
   *
   * @return whether it was the last one of an inode that may have no link any more; the inode is a
   *     suspect no longer then
   */
  synchronized boolean closed(Ino ino) {
    Integer left = handles.computeIfPresent(ino, (i, n) -> n > 1 ? n - 1 : null);
    return left == null && suspects.remove(ino);
  }

  /**
   * Whether it is open here; remembers an inode that is, because it may be about to be unlinked.
   */
  synchronized boolean sustains(Ino ino) {
    boolean open = handles.containsKey(ino);
    if (open) {
      suspects.add(ino);
    }
    return open;
  }

  /** A file that was made without a name. */
  synchronized void unnamed(Ino ino) {
    suspects.add(ino);
    handles.merge(ino, 0, Integer::sum);
  }

  /**
   * Takes the suspects that are not open: their last handle was closed while an operation was about
   * to remove their last link.
   */
  synchronized List<Ino> takeClosedSuspects() {
    if (suspects.isEmpty()) {
      return List.of();
    }
    Set<Ino> closed = new HashSet<>(suspects);
    closed.removeAll(handles.keySet());
    suspects.removeAll(closed);
    return List.copyOf(closed);
  }

  /** The inode's removal is not done yet; look at it again later. */
  synchronized void stillSuspect(Ino ino) {
    suspects.add(ino);
  }

  synchronized int size() {
    return handles.size();
  }
}
