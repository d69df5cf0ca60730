package io.jfs.meta.model;

/**
 * A refusal: the file system's answer "no" with its {@link Errno}. Checked, preallocated and
 * without a stack trace, because it is an answer and is thrown often. It is never retried. An
 * outage is an {@code EngineException} or an {@link java.io.IOException} instead. Obtain one with
 * {@link Errno#exception()}.
 */
public final class FsException extends Exception {
  private final Errno errno;

  FsException(Errno errno) {
    super(errno.text(), null, false, false);
    this.errno = errno;
  }

  /** Which refusal this is. */
  public Errno errno() {
    return errno;
  }
}
