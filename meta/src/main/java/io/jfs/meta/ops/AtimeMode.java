package io.jfs.meta.ops;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Timestamp;

/** When reading moves an inode's access time. Metadata spec 6.18; mount(8). */
public enum AtimeMode {
  /** Never. */
  NOATIME,
  /** If it is not later than mtime and ctime, or a day old. */
  RELATIME,
  /** As RELATIME, and if it is a second old. */
  STRICTATIME;

  private static final long DAY_MILLIS = 24 * 3600 * 1000L;
  private static final long SECOND_MILLIS = 1000;

  /** Whether a read at {@code now} moves the access time. */
  public boolean wants(Attr attr, Timestamp now) {
    if (this == NOATIME || now.compareTo(attr.atime()) <= 0) {
      return false;
    }
    boolean changedSince =
        attr.mtime().compareTo(attr.atime()) > 0 || attr.ctime().compareTo(attr.atime()) > 0;
    long spanMillis = this == RELATIME ? DAY_MILLIS : SECOND_MILLIS;
    return changedSince || now.millisSince(attr.atime()) > spanMillis;
  }
}
