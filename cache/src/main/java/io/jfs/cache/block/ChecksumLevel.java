package io.jfs.cache.block;

import java.util.Locale;

/**
 * How much of a cached file is checked when part of it is read (data format 2.4). Whatever is read
 * but not checked may be damaged, so only {@link #EXTEND} keeps the promise that no wrong byte gets
 * out.
 */
public enum ChecksumLevel {
  /** Nothing is written or checked. */
  NONE,
  /** Checked when the whole block is read. */
  FULL,
  /** Checked are the segments that the read covers. */
  SHRINK,
  /** The read is widened to whole segments and all of it checked. */
  EXTEND;

  /**
   * The level of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static ChecksumLevel parse(String name) {
    try {
      return valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("invalid cache checksum level: " + name, e);
    }
  }
}
