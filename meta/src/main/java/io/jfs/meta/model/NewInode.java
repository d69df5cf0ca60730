package io.jfs.meta.model;

import org.jspecify.annotations.Nullable;

/**
 * What a creation makes.
 *
 * @param type kind
 * @param mode permission bits asked for, 12 bits, before umask and default ACL
 * @param umask the caller's
 * @param rdev device number of a device node, else 0
 * @param target of a symlink, else null
 */
public record NewInode(FileType type, int mode, int umask, int rdev, byte @Nullable [] target) {
  /** A regular file. */
  public static NewInode file(int mode, int umask) {
    return new NewInode(FileType.REGULAR, mode, umask, 0, null);
  }

  /** A directory. */
  public static NewInode directory(int mode, int umask) {
    return new NewInode(FileType.DIRECTORY, mode, umask, 0, null);
  }

  /** A symbolic link. */
  public static NewInode symlink(byte[] target) {
    return new NewInode(FileType.SYMLINK, 0777, 0, 0, target);
  }
}
