package io.jfs.chunk.object;

import java.io.IOException;

/** The store is full, or a quota of it is: trying again at once is of no use. */
public final class NoSpaceException extends IOException {
  /** Says where, and keeps the system's own words. */
  public NoSpaceException(String message, Throwable cause) {
    super(message, cause);
  }
}
