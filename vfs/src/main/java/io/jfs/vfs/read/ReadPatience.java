package io.jfs.vfs.read;

import io.jfs.meta.model.FsException;
import io.jfs.vfs.Cancellation;
import java.util.concurrent.TimeUnit;

/**
 * How often and after which pauses a read that fails is tried again (data spec 4.2). Nobody tells
 * when a store that answers this and refuses that has come back; so a long pause is broken by tries
 * that do not count.
 */
final class ReadPatience {
  private static final int MANY_TRIES = 30;
  private static final long LONG_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long LOOK_MILLIS = 1000;

  private final int retries;
  private int tries;
  private long pauseNanos; // what is left of the pause before the next try that counts

  ReadPatience(int retries) {
    this.retries = retries;
  }

  /** After a failure: whether there may be another try. */
  boolean allowsAnother() {
    if (pauseNanos > 0) {
      return true;
    }
    tries++;
    pauseNanos =
        tries >= MANY_TRIES
            ? LONG_PAUSE_NANOS
            : TimeUnit.MILLISECONDS.toNanos((tries - 1) * 300L + 1);
    return tries <= retries;
  }

  /** How many tries that count have failed. */
  int tries() {
    return tries;
  }

  /** Waits a while before the next try, less if woken. */
  void pause(Cancellation cancellation) throws FsException {
    long start = System.nanoTime();
    long millis = TimeUnit.NANOSECONDS.toMillis(pauseNanos) + 1;
    cancellation.pause(Math.min(millis, LOOK_MILLIS));
    pauseNanos -= Math.max(1, System.nanoTime() - start);
  }
}
