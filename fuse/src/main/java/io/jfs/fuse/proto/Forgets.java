package io.jfs.fuse.proto;

import java.nio.ByteBuffer;

/** FORGET, BATCH_FORGET and INTERRUPT: requests without a reply. */
public final class Forgets {
  private Forgets() {}

  /** Takes one inode and the number of lookups that are given back. */
  @FunctionalInterface
  public interface Sink {
    void forget(long nodeId, long lookups);
  }

  /** FORGET: struct fuse_forget_in. */
  public static void single(ByteBuffer in, Sink sink) {
    sink.forget(InHeader.nodeId(in), in.getLong(40));
  }

  /** BATCH_FORGET: struct fuse_batch_forget_in and its fuse_forget_one. */
  public static void batch(ByteBuffer in, Sink sink) {
    int count = in.getInt(40);
    for (int at = 48; count > 0; count--, at += 16) {
      sink.forget(in.getLong(at), in.getLong(at + 8));
    }
  }

  /** struct fuse_interrupt_in: the request that is to stop. */
  public static long interruptTarget(ByteBuffer in) {
    return in.getLong(40);
  }
}
