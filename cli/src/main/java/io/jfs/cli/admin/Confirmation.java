package io.jfs.cli.admin;

import io.jfs.cli.command.CommandException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Locale;

/** Asks the person at the terminal before something that is hard to undo. Vfs-cli spec 3.8. */
public final class Confirmation {
  private final PrintStream out;
  private final InputStream in;
  private final boolean always;

  /**
   * Warns on {@code out} and reads answers from {@code in}.
   *
   * @param always whether every answer is yes without asking
   */
  public Confirmation(PrintStream out, InputStream in, boolean always) {
    this.out = out;
    this.in = in;
    this.always = always;
  }

  /**
   * Says what will happen and asks whether to go on.
   *
   * @throws CommandException {@code Aborted.} unless the answer is yes; the end of the input is no
   */
  public void require(String warning) throws CommandException {
    out.println("WARNING: " + warning);
    requireYes();
  }

  /**
   * Only asks.
   *
   * @throws CommandException as {@link #require}
   */
  public void requireYes() throws CommandException {
    if (always) {
      return;
    }
    out.print("Proceed anyway? [y/N]: ");
    out.flush();
    String answer = line().strip().toLowerCase(Locale.ROOT);
    if (!answer.equals("y") && !answer.equals("yes")) {
      throw new CommandException("Aborted.");
    }
  }

  /** Up to the end of the line and no further: the next answer may follow. */
  private String line() throws CommandException {
    StringBuilder text = new StringBuilder();
    try {
      for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
        text.append((char) c);
      }
    } catch (IOException e) {
      throw new CommandException("cannot read the answer: " + e.getMessage(), e);
    }
    return text.toString();
  }
}
