package io.jfs.fuse;

import java.io.IOException;
import java.time.Duration;

/**
 * A mounted file system that is being served. Obtained mounted and answering; it ends when it is
 * unmounted, by {@link #unmount()} or by anyone else's umount(8).
 */
public interface FrontEnd extends AutoCloseable {
  /**
   * Waits until the file system is unmounted, its last user is gone, every request is answered and
   * {@code VfsOps.stop()} has returned.
   */
  void awaitUnmount() throws InterruptedException;

  /**
   * As {@link #awaitUnmount()}, for a limited time.
   *
   * @return whether it has ended
   */
  boolean awaitUnmount(Duration patience) throws InterruptedException;

  /**
   * Takes the mount out of sight and returns at once. Who has a file open on it is served on until
   * he closes it. Does nothing if it is unmounted already.
   */
  void unmount() throws IOException;

  /**
   * Unmounts, waits a few seconds for users to let go, then ends the connection where that is
   * possible.
   */
  @Override
  void close() throws IOException;
}
