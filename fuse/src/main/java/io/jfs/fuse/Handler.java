package io.jfs.fuse;

import io.jfs.meta.model.FsException;
import java.io.IOException;

/** Serves one kind of request: decodes it, calls the file system, builds the answer. */
@FunctionalInterface
interface Handler {
  /**
   * Serves an operation. What it throws becomes the reply's errno.
   *
   * @throws FsException the file system refuses
   * @throws IOException the object store failed for too long: EIO
   */
  void handle(Operation op) throws FsException, IOException;
}
