package io.jfs.meta.model;

/**
 * What a quota limits.
 *
 * @param kind directory, user or group
 * @param id inode, uid or gid
 */
public record QuotaKey(Kind kind, long id) {
  /** The three kinds, in the stored order 0, 1, 2. */
  public enum Kind {
    DIRECTORY,
    USER,
    GROUP
  }
}
