package io.jfs.vfs.control;

import java.nio.ByteBuffer;

/** What several requests have in common. */
final class Requests {
  /** More would only wait for each other. */
  private static final int MAX_THREADS = 64;

  private Requests() {}

  /** The number of threads that the last byte asks for, if it is there. */
  static int threads(ByteBuffer payload, int byDefault) {
    return limited(payload.hasRemaining() ? payload.get() & 0xff : byDefault);
  }

  /** As many threads as asked for, within reason. */
  static int limited(int threads) {
    return Math.max(1, Math.min(threads, MAX_THREADS));
  }
}
