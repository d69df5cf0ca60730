package io.jfs.meta.model;

/**
 * A volume cannot be formatted, changed or used as asked. The message is one line for the person
 * who asked.
 */
public final class FormatException extends Exception {
  /** One line, no secrets. */
  public FormatException(String message) {
    super(message);
  }
}
