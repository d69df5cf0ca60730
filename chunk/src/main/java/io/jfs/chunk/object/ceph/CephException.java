package io.jfs.chunk.object.ceph;

import io.jfs.chunk.object.NoSpaceException;
import java.io.IOException;
import java.util.Map;

/** librados refused a request. */
public final class CephException extends IOException {
  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int EACCES = 13;
  static final int EFBIG = 27;
  static final int ENOSPC = 28;
  static final int EMSGSIZE = 90;
  static final int ETIMEDOUT = 110;
  static final int EDQUOT = 122;

  private static final Map<Integer, String> WORDS =
      Map.of(
          EPERM,
          "permission denied",
          ENOENT,
          "no such object, pool, configuration or keyring",
          EACCES,
          "access denied: unknown user or wrong key",
          5,
          "input/output error",
          22,
          "invalid argument",
          30,
          "read-only",
          EFBIG,
          "larger than objects may be in the cluster (osd_max_object_size)",
          EMSGSIZE,
          "larger than the cluster takes in one write (osd_max_write_size)",
          ETIMEDOUT,
          "timed out: monitors or OSDs do not answer",
          108,
          "this client was shut out of the cluster (blocklisted)");

  private final int code;

  private CephException(String request, int code) {
    super(request + ": " + WORDS.getOrDefault(code, "error") + " (errno " + code + ")");
    this.code = code;
  }

  /**
   * What a negative result of a function means.
   *
   * @param request what was asked for
   * @param result negative errno
   */
  static IOException of(String request, int result) {
    CephException cause = new CephException(request, -result);
    return cause.code == ENOSPC || cause.code == EDQUOT
        ? new NoSpaceException(request + ": the pool or its quota is full", cause)
        : cause;
  }

  /** The errno. */
  public int code() {
    return code;
  }
}
