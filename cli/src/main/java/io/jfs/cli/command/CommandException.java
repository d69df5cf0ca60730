package io.jfs.cli.command;

import org.jspecify.annotations.Nullable;

/** A command cannot do what it was asked; the message tells the user why, in one line. */
public final class CommandException extends Exception {
  private static final long serialVersionUID = 1;

  /** With this message. */
  public CommandException(String message) {
    super(message);
  }

  /** With this message; the cause is shown with {@code --verbose}. */
  public CommandException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
