package io.jfs.vfs.virtual;

import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.vfs.Request;
import java.nio.ByteBuffer;

/** One open of a virtual file. Thread safe. */
interface VirtualHandle {
  /** Bytes from {@code offset} on, at most {@code size}; none at the end. */
  byte[] read(Request request, long offset, int size) throws FsException;

  /** Takes bytes; EBADF unless the file takes any. */
  default void write(Request request, long offset, ByteBuffer data) throws FsException {
    throw Errno.EBADF.exception();
  }

  /** A descriptor was closed. */
  default void flush() {}

  /** The last descriptor was closed. */
  default void close() {}
}
