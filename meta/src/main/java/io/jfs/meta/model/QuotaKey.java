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
    DIRECTORY(0),
    USER(1),
    GROUP(2);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    /** The stored number. */
    public int code() {
      return code;
    }
  }
}
