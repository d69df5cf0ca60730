package io.jfs.meta.model;

/**
 * A stored value that does not have the format's shape. The one operation that met it answers EIO
 * and logs it; the rest of the volume lives on.
 */
public final class CorruptRecordException extends RuntimeException {
  /** Says which value, in words for an operator. */
  public CorruptRecordException(String message) {
    super(message);
  }
}
