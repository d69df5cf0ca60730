package io.jfs.chunk.object.ceph;

import com.ceph.rados.jna.Rados;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * Functions of librados, as rados-java declares them, and those that it lacks: with buffers instead
 * of arrays. Their names, arguments and results are librados' own: a negative result is an errno.
 */
@SuppressWarnings("MemberName") // C functions
interface Librados extends Rados {
  /** Name of the library, without what the platform puts around it. */
  String NAME = "rados";

  int rados_write_full(Pointer io, String oid, ByteBuffer data, long lengthBytes);

  int rados_read(Pointer io, String oid, ByteBuffer into, long lengthBytes, long off);

  int rados_set_pool_full_try(Pointer io);

  /**
   * Loads the library.
   *
   * @throws IOException if this machine has none that fits, with what to do about it in one line
   */
  static Librados load(String name) throws IOException {
    return LargeStack.call(() -> loadHere(name));
  }

  private static Librados loadHere(String name) throws IOException {
    try {
      // Object names are UTF-8 whatever the locale of this process is.
      return Native.load(
          name, Librados.class, Map.of(Library.OPTION_STRING_ENCODING, Names.ENCODING));
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw new IOException(
          "storage ceph needs librados of Ceph, which cannot be loaded on this machine"
              + " (Debian, Ubuntu: apt-get install librados2; Fedora, RHEL: dnf install librados2)",
          e);
    }
  }
}
