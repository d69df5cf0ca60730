package io.jfs.meta.model;

/**
 * An inode number. Constants and ranges: metadata spec section 0.
 *
 * @param value the number; trash inodes start at {@link #TRASH_ROOT}, virtual ones at
 *     0x7FFFFFFF00000001
 */
public record Ino(long value) implements Comparable<Ino> {
  /** The root directory of a volume. */
  public static final Ino ROOT = new Ino(1);

  /** The directory {@code .trash}; hourly trash directories are this plus n. */
  public static final Ino TRASH_ROOT = new Ino(0x7FFFFFFF10000000L);

  /** "No inode": as {@link Attr#parent()} it says that parents are counted in the parent table. */
  public static final Ino NONE = new Ino(0);

  /** The first virtual inode (`.accesslog`); virtual inodes are never stored. */
  public static final long FIRST_VIRTUAL = 0x7FFFFFFF00000001L;

  /** Whether this is the trash root or an hourly trash directory. */
  public boolean isTrash() {
    return value >= TRASH_ROOT.value;
  }

  /** Whether this is an hourly trash directory: the parent of something that was deleted. */
  public boolean isHourlyTrash() {
    return value > TRASH_ROOT.value;
  }

  /** Whether this is one of the virtual files that are not stored. */
  public boolean isVirtual() {
    return value >= FIRST_VIRTUAL && value < TRASH_ROOT.value;
  }

  @Override
  public int compareTo(Ino other) {
    return Long.compareUnsigned(value, other.value);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(value * 0x9E3779B97F4A7C15L);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
