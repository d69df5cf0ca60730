package io.jfs.vfs;

/**
 * Hears of every operation after its reply is out: the access log and the metrics. Called by the
 * thread that served the operation, possibly many at once; it must be quick and must not throw.
 * Forget, interrupt and lookups of virtual names are not announced.
 */
@FunctionalInterface
public interface OperationListener {
  /** Nobody listens. */
  OperationListener NONE = operation -> {};

  /** An operation was answered. */
  void completed(CompletedOperation operation);
}
