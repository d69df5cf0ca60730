package io.jfs.vfs;

import io.jfs.meta.model.Caller;

/**
 * One operation that a front end has just answered. Valid only during {@link
 * OperationListener#completed}: what {@link #arguments()} renders is read from buffers that the
 * next request reuses.
 */
public interface CompletedOperation {
  /** The access log's word for it: lookup, getattr, setlk, ... (vfs-cli spec 1.2). */
  String name();

  /** On whose behalf. */
  Caller caller();

  /** How long it took, from the request's arrival to the reply's departure. */
  long durationNanos();

  /** What it answered: 0, or a positive Linux errno. */
  int errno();

  /** File bytes read or written; 0 for other operations. */
  long transferredBytes();

  /**
   * Arguments and result in the layout of the access log (vfs-cli spec 1.2), e.g. {@code (1,dd):
   * (2,[drwxr-xr-x:0040755,...])}. Rendered at each call: ask only when it will be shown.
   */
  String arguments();
}
