package io.jfs.vfs.control;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** The growing answer to one request. Thread safe. */
final class ControlReply {
  private static final byte PROGRESS = (byte) 0xFE;
  private static final byte DATA = (byte) 0xFF;
  private static final long PROGRESS_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  @GuardedBy("this")
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @GuardedBy("this")
  private long first;

  @GuardedBy("this")
  private long second;

  @GuardedBy("this")
  private long lastProgressNanos = System.nanoTime();

  @GuardedBy("this")
  private byte[] result = {0};

  @GuardedBy("this")
  private boolean ended;

  private volatile boolean cancelled;

  /** Adds to the two counts that the client shows; EINTR if it has gone away. */
  synchronized void advance(long firstBy, long secondBy) throws FsException {
    first += firstBy;
    second += secondBy;
    if (cancelled) {
      throw Errno.EINTR.exception();
    }
  }

  /** The answer is this text, marked as such. */
  synchronized void data(byte[] bytes) {
    result =
        ByteBuffer.allocate(5 + bytes.length).put(DATA).putInt(bytes.length).put(bytes).array();
  }

  /** The answer is this text after its length, as old clients expect it. */
  synchronized void plain(byte[] bytes) {
    result = ByteBuffer.allocate(4 + bytes.length).putInt(bytes.length).put(bytes).array();
  }

  /** The client has gone away. */
  void cancel() {
    cancelled = true;
  }

  /** It was done. */
  synchronized void succeed() {
    end(result);
  }

  /** It was refused. */
  synchronized void fail(Errno errno) {
    end(new byte[] {(byte) errno.number()});
  }

  @GuardedBy("this")
  private void end(byte[] last) {
    if (first > 0 || second > 0) {
      addProgress();
    }
    out.writeBytes(last);
    ended = true;
  }

  @GuardedBy("this")
  private void addProgress() {
    out.writeBytes(ByteBuffer.allocate(17).put(PROGRESS).putLong(first).putLong(second).array());
    lastProgressNanos = System.nanoTime();
  }

  /** Whether the answer is complete. */
  synchronized boolean isEnded() {
    return ended;
  }

  /** The answer's bytes from {@code position} on, as far as they are there. */
  synchronized byte[] read(long position, int size) {
    boolean silent = System.nanoTime() - lastProgressNanos > PROGRESS_NANOS;
    if (!ended && silent && (first > 0 || second > 0)) {
      addProgress();
    }
    if (position < 0 || position >= out.size()) {
      return new byte[0];
    }
    int from = (int) position;
    return Arrays.copyOfRange(
        out.toByteArray(), from, (int) Math.min((long) from + size, out.size()));
  }
}
