package io.jfs.vfs.virtual;

import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.vfs.Request;

/** A file that is not stored. */
interface VirtualFile {
  /** Where its name is found. */
  enum Place {
    /** In the root, and listed there. */
    LISTED_IN_ROOT,
    /** In the root, and listed nowhere. */
    UNLISTED_IN_ROOT,
    /** In every directory, and listed nowhere. */
    EVERYWHERE
  }

  /** Its name without a prefix for virtual names, such as {@code .stats}. */
  String name();

  /** Its number. */
  Ino ino();

  /** Permission bits. */
  int mode();

  /** Where its name is found. */
  Place place();

  /** The length that stat shows. */
  default long lengthBytes() {
    return 0;
  }

  /** Opens it. */
  VirtualHandle open(Request request) throws FsException;
}
