package io.jfs.chunk.object.ceph;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Runs what needs more stack than threads of Java have: librados builds the table of its options on
 * the stack of whoever loads it, about 1 MiB in Ceph 16, and a thread whose stack ends in native
 * code takes the whole process with it.
 */
final class LargeStack {
  private static final long STACK_BYTES = 16L << 20;

  private LargeStack() {}

  /** What is run. */
  @FunctionalInterface
  interface Task<T> {
    T run() throws IOException;
  }

  /** Runs a task in a thread of its own, and waits for it. */
  static <T> T call(Task<T> task) throws IOException {
    FutureTask<T> future = new FutureTask<>(task::run);
    Thread thread = new Thread(null, future, "jfs-ceph-load", STACK_BYTES);
    thread.setDaemon(true);
    thread.start();
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while loading librados");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IOException("cannot load librados", e.getCause());
    }
  }
}
