package io.jfs.chunk.object;

import java.io.IOException;

/** There is no object under that key. */
public final class NoSuchObjectException extends IOException {
  /** Names the key. */
  public NoSuchObjectException(String key) {
    super("no such object: " + key);
  }
}
