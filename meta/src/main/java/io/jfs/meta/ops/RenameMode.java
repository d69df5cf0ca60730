package io.jfs.meta.ops;

import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;

/** What renameat2(2) is asked to do; combinations that mean nothing do not exist here. */
public enum RenameMode {
  /** Take the new name, whatever it led to. */
  REPLACE(0),
  /** Refuse if the new name exists. */
  NO_REPLACE(1),
  /** Swap two names. */
  EXCHANGE(2),
  /** As REPLACE, and leave a 0:0 character device under the old name. */
  WHITEOUT(4),
  /** As NO_REPLACE, and leave a 0:0 character device under the old name. */
  NO_REPLACE_WHITEOUT(5),
  /** As NO_REPLACE, out of the trash, also into a directory that is in the trash. */
  RESTORE(33);

  private static final RenameMode[] VALUES = values();

  private final int flags;

  RenameMode(int flags) {
    this.flags = flags;
  }

  /**
   * From renameat2's flags.
   *
   * @throws FsException EINVAL for a combination that does not exist
   */
  public static RenameMode ofFlags(int flags) throws FsException {
    for (RenameMode mode : VALUES) {
      if (mode.flags == flags) {
        return mode;
      }
    }
    throw Errno.EINVAL.exception();
  }

  /** As the change log has it, where a whiteout is a change of its own. */
  int loggedFlags() {
    return flags & ~4;
  }

  /** Whether the new name must be free. */
  boolean keepsTarget() {
    return (flags & 1) != 0;
  }

  /** Whether the old name leads to a whiteout afterwards. */
  public boolean leavesWhiteout() {
    return (flags & 4) != 0;
  }
}
