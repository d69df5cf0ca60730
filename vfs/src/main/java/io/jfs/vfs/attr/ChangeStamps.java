package io.jfs.vfs.attr;

import io.jfs.meta.model.Ino;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * When this client last changed which inode, counted in changes. A listing's attributes that were
 * read before such a change must not be given to the kernel as fresh. Bounded: inodes may share a
 * place, so "maybe changed" can be wrong, "unchanged" cannot.
 */
public final class ChangeStamps {
  private static final int PLACES = 1 << 13;

  private final AtomicLong clock = new AtomicLong();
  private final AtomicLongArray places = new AtomicLongArray(PLACES);
  private final AtomicLong links = new AtomicLong();

  /** The present, to be taken before attributes are read. */
  public long now() {
    return clock.get();
  }

  /** This client has changed an inode's attributes or content. */
  public void changed(Ino ino) {
    places.set(ino.hashCode() & (PLACES - 1), clock.incrementAndGet());
  }

  /** Whether this client has perhaps changed an inode after {@code stamp}. */
  public boolean maybeChangedSince(long stamp, Ino ino) {
    return places.get(ino.hashCode() & (PLACES - 1)) > stamp;
  }

  /** This client has changed something that may move any inode's link count or change time. */
  public void linksChanged() {
    links.incrementAndGet();
  }

  /** Counts {@link #linksChanged}. */
  public long links() {
    return links.get();
  }
}
