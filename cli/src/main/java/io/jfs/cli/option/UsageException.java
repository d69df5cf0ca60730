package io.jfs.cli.option;

/** The command line does not say what it should; the message tells the user in one line. */
public final class UsageException extends Exception {
  private static final long serialVersionUID = 1;

  /** With this message. */
  public UsageException(String message) {
    super(message);
  }
}
