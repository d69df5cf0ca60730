package io.jfs.vfs;

import io.jfs.meta.model.Caller;

/** One operation that a front end has just answered. Valid only while a listener is told of it. */
public interface CompletedOperation {
  /** The front end's own word for it in lower case: lookup, readdirplus, setlkw, ... */
  String name();

  /** The inode that was operated on; of the directory for operations on names. */
  long inode();

  /** On whose behalf. */
  Caller caller();

  /** How long it took, from the request's arrival to the reply's departure. */
  long durationNanos();

  /** What it answered: 0, or a positive Linux errno. */
  int errno();

  /** File bytes read or written; 0 for other operations. */
  long transferredBytes();
}
