package io.jfs.meta.txn;

import java.util.concurrent.TimeUnit;

/** The one way in which this module sleeps, so that tests can run under virtual time. */
public interface Waiting {
  /** Real time. */
  Waiting SYSTEM =
      nanos -> {
        try {
          TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      };

  /**
   * Waits about {@code nanos} nanoseconds; returns early, with the flag set, when the thread is
   * interrupted.
   */
  void pause(long nanos);
}
