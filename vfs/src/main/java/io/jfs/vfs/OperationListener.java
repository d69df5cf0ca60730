package io.jfs.vfs;

/**
 * Hears of every operation after its reply is out, as the front end and so the caller sees it: with
 * decoding, reply and all errors. For the access log and the operations' counts see {@link
 * LoggedVfs}, which knows what was asked and answered.
 *
 * <p>Called by the thread that served the operation, possibly many at once; it must be quick.
 * Forget and interrupt are not announced.
 */
@FunctionalInterface
public interface OperationListener {
  /** Nobody listens. */
  OperationListener NONE = operation -> {};

  /** An operation was answered. */
  void completed(CompletedOperation operation);
}
