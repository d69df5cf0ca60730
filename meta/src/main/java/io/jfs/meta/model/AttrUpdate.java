package io.jfs.meta.model;

import org.jspecify.annotations.Nullable;

/**
 * Attributes to change without touching content; a null member stays. chmod(2), chown(2),
 * utimensat(2), chattr(1).
 *
 * @param mode permission bits, 12 bits
 * @param uid owner
 * @param gid group
 * @param atime explicit access time
 * @param mtime explicit modification time
 * @param atimeNow access time := the transaction's now
 * @param mtimeNow modification time := the transaction's now
 * @param flags inode flags, whole
 * @param killSuidgid drop setuid, and setgid of a group-executable file, as a write by a non-owner
 *     does
 */
public record AttrUpdate(
    @Nullable Integer mode,
    @Nullable Integer uid,
    @Nullable Integer gid,
    @Nullable Timestamp atime,
    @Nullable Timestamp mtime,
    boolean atimeNow,
    boolean mtimeNow,
    @Nullable Integer flags,
    boolean killSuidgid) {

  /** Changes nothing. */
  public static final AttrUpdate NONE =
      new AttrUpdate(null, null, null, null, null, false, false, null, false);

  /** Only the flags. */
  public static AttrUpdate ofFlags(int flags) {
    return new AttrUpdate(null, null, null, null, null, false, false, flags, false);
  }
}
