package io.jfs.fuse.device;

import java.io.IOException;

/** A system call that the kernel refused, with its errno. */
public final class SystemCallException extends IOException {
  private final int errno;

  /**
   * @param call what was tried, for the message
   * @param errno positive
   */
  public SystemCallException(String call, int errno) {
    super(call + ": " + LibC.strerror(errno));
    this.errno = errno;
  }

  /** Linux' number, positive. */
  public int errno() {
    return errno;
  }

  /** The answer of a call that says failure with a negative errno. */
  static int check(String call, int answer) throws SystemCallException {
    if (answer < 0) {
      throw new SystemCallException(call, -answer);
    }
    return answer;
  }
}
