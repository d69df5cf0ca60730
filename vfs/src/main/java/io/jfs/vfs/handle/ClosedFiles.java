package io.jfs.vfs.handle;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Ino;
import io.jfs.vfs.attr.ChangeStamps;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Attributes of files that were closed a moment ago, for {@code --open-cache}: within its time the
 * next open believes them. At most so many as {@code --open-cache-limit} says, the latest. Thread
 * safe.
 */
final class ClosedFiles {
  /**
   * What is known.
   *
   * @param checkedNanos when metadata was last asked, of {@link System#nanoTime}
   * @param stamp of this client's changes, at the close
   * @param links of this client's changes of links, when metadata was last asked
   */
  record Known(Attr attr, long checkedNanos, long stamp, long links) {}

  private final long trustNanos;
  private final long limit;
  private final ChangeStamps stamps;

  @GuardedBy("this")
  private final LinkedHashMap<Ino, Known> files = new LinkedHashMap<>();

  /** Trusts for a time, 0 for never; holds {@code limit} files, 0 for any number. */
  ClosedFiles(long trustMillis, long limit, ChangeStamps stamps) {
    this.trustNanos = TimeUnit.MILLISECONDS.toNanos(trustMillis);
    this.limit = limit;
    this.stamps = stamps;
  }

  /** How long attributes are believed; 0: never. */
  long trustNanos() {
    return trustNanos;
  }

  /** The last handle of a file was closed. */
  synchronized void add(Ino ino, Attr attr, long checkedNanos, long links) {
    Iterator<Known> oldest = files.values().iterator();
    while (oldest.hasNext() && (isOld(oldest.next()) || isFull())) {
      oldest.remove();
    }
    if (trustNanos > 0) {
      files.remove(ino);
      files.put(ino, new Known(attr, checkedNanos, stamps.now(), links));
    }
  }

  @GuardedBy("this")
  private boolean isFull() {
    return limit > 0 && files.size() >= limit;
  }

  private boolean isOld(Known known) {
    return System.nanoTime() - known.checkedNanos >= trustNanos;
  }

  /** What is known of a file and still believed, which it is no longer afterwards; or null. */
  synchronized @Nullable Known take(Ino ino) {
    Known known = files.remove(ino);
    boolean believed =
        known != null && !isOld(known) && !stamps.maybeChangedSince(known.stamp, ino);
    return believed ? known : null;
  }

  /** Number of files. */
  synchronized int size() {
    return files.size();
  }
}
