package io.jfs.fuse;

/**
 * What the file system is told of open(2)'s flags. When the kernel buffers writes it reads the
 * pages that a write covers in part, whatever the file was opened for, and it keeps the place of
 * O_APPEND itself.
 *
 * @param kernelBuffersWrites WRITEBACK_CACHE was agreed on
 */
record OpenFlags(boolean kernelBuffersWrites) {
  private static final int O_ACCMODE = 03;
  private static final int O_WRONLY = 01;
  private static final int O_RDWR = 02;
  private static final int O_APPEND = 02000;

  int of(int flags) {
    if (!kernelBuffersWrites) {
      return flags;
    }
    int readable = (flags & O_ACCMODE) == O_WRONLY ? (flags & ~O_ACCMODE) | O_RDWR : flags;
    return readable & ~O_APPEND;
  }
}
