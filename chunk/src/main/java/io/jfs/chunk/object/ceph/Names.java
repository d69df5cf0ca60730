package io.jfs.chunk.object.ceph;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.util.function.Consumer;

/** Names of all objects of a pool, in the order of their hashes, as RADOS keeps them. */
final class Names {
  /** Of object names. */
  static final String ENCODING = "UTF-8";

  private Names() {}

  /**
   * Tells each.
   *
   * @throws IOException if not all could be told: what was told is then no listing
   */
  static void each(PoolConnection connection, String request, Consumer<String> visitor)
      throws IOException {
    int result = connection.call((rados, io) -> walk(rados, io, visitor));
    if (result < 0) {
      throw CephException.of(request, result);
    }
  }

  /** The end of the list is ENOENT; any other error must not pass for it. */
  private static int walk(Librados rados, Pointer io, Consumer<String> visitor) {
    try (Memory list = new Memory(Native.POINTER_SIZE);
        Memory entry = new Memory(Native.POINTER_SIZE)) {
      int result = rados.rados_nobjects_list_open(io, list);
      if (result < 0) {
        return result;
      }
      Pointer cursor = list.getPointer(0);
      try {
        for (; ; ) {
          result = rados.rados_nobjects_list_next(cursor, entry, null, null);
          if (result < 0) {
            return result == -CephException.ENOENT ? 0 : result;
          }
          visitor.accept(entry.getPointer(0).getString(0, ENCODING));
        }
      } finally {
        rados.rados_nobjects_list_close(cursor);
      }
    }
  }
}
