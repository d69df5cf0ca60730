package io.jfs.vfs;

import io.jfs.meta.model.Caller;

/**
 * One operation's context, made by the front end.
 *
 * @param caller on whose behalf
 * @param cancellation the caller's wish to stop waiting
 * @param arrivedNanos when it came from the kernel, of {@link System#nanoTime()}
 */
public record Request(Caller caller, Cancellation cancellation, long arrivedNanos) {
  /** A request that arrives now and that nobody cancels. */
  public static Request of(Caller caller) {
    return new Request(caller, new Cancellation(), System.nanoTime());
  }
}
