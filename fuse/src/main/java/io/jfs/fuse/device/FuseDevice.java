package io.jfs.fuse.device;

import java.io.IOException;

/**
 * The channel on which the kernel hands out requests and takes replies. Any number of threads may
 * read and write at once. Failures are answered as negative errnos, because on this path they are
 * ordinary (an aborted request, an unmount).
 */
public interface FuseDevice extends AutoCloseable {
  /** read: the file system is unmounted. */
  int ENODEV = 19;

  /** read: the connection was aborted. */
  int ECONNABORTED = 103;

  /**
   * read: request aborted on its way, try again; write: the request was aborted before the reply.
   */
  int ENOENT = 2;

  /** Try again. */
  int EAGAIN = 11;

  /** read: the thread was woken, see {@link NativeThread#wake}. */
  int EINTR = 4;

  /**
   * Waits for one request and reads it whole.
   *
   * @return its length in bytes, or a negative errno
   */
  int read(NativeMemory into);

  /**
   * Sends one reply or notification whole.
   *
   * @return 0, or a negative errno
   */
  int write(GatherList message);

  /** A second channel of the same connection; requests read there must be answered there. */
  FuseDevice openClone() throws IOException;

  /** Gives the channel up. With the last one closed, users of a mount see ENOTCONN. */
  @Override
  void close();
}
