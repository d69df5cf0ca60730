package io.jfs.vfs.attr;

import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Timestamp;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The modification times that files had when this client last opened them: while one is the same,
 * the kernel may keep the pages it has (close-to-open, data spec 4.5). Bounded: of two inodes with
 * one place the later wins, and the other one's pages are dropped needlessly.
 */
public final class SeenTimes {
  private static final int PLACES = 1 << 14;

  private record Seen(Ino ino, Timestamp mtime) {}

  private final AtomicReferenceArray<@Nullable Seen> places = new AtomicReferenceArray<>(PLACES);

  /**
   * Notes an open.
   *
   * @return whether the last open saw the same time
   */
  public boolean isUnchanged(Ino ino, Timestamp mtime) {
    int place = ino.hashCode() & (PLACES - 1);
    Seen before = places.get(place);
    if (before != null && before.ino.equals(ino) && before.mtime.equals(mtime)) {
      return true;
    }
    places.set(place, new Seen(ino, mtime));
    return false;
  }
}
