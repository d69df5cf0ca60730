package io.jfs.vfs;

import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FallocateMode;
import io.jfs.meta.model.FsException;

/** fallocate(2)'s mode bits. */
final class FallocateModes {
  private static final int KEEP_SIZE = 1;
  private static final int PUNCH_HOLE = 2;
  private static final int ZERO_RANGE = 0x10;

  private FallocateModes() {}

  /**
   * The mode that the bits name.
   *
   * @throws FsException EINVAL for a hole that moves the end; EOPNOTSUPP for what is not offered
   */
  static FallocateMode of(int bits) throws FsException {
    return switch (bits) {
      case 0 -> FallocateMode.ALLOCATE;
      case KEEP_SIZE -> FallocateMode.ALLOCATE_KEEP_SIZE;
      case ZERO_RANGE -> FallocateMode.ZERO_RANGE;
      case ZERO_RANGE | KEEP_SIZE -> FallocateMode.ZERO_RANGE_KEEP_SIZE;
      case PUNCH_HOLE | KEEP_SIZE -> FallocateMode.PUNCH_HOLE;
      case PUNCH_HOLE, PUNCH_HOLE | ZERO_RANGE, PUNCH_HOLE | ZERO_RANGE | KEEP_SIZE ->
          throw Errno.EINVAL.exception();
      default -> throw Errno.EOPNOTSUPP.exception();
    };
  }
}
