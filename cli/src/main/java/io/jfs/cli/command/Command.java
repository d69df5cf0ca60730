package io.jfs.cli.command;

import io.jfs.cli.option.OptionGroup;
import io.jfs.cli.option.UsageException;
import java.util.List;

/** One command of jfs: what it is called, what it takes, what it does. Stateless. */
public interface Command {
  /** What the user types. */
  String name();

  /** What it does, in one line, as a sentence. */
  String summary();

  /** Its arguments as the help text names them, e.g. {@code META-URL}. */
  List<String> arguments();

  /** Arguments that may follow, as the help text names them. */
  default List<String> optionalArguments() {
    return List.of();
  }

  /** Further explanation for the help text, with examples; may be empty. */
  default String explanation() {
    return "";
  }

  /** Its options, without the global ones. */
  default List<OptionGroup> options() {
    return List.of();
  }

  /**
   * The arguments as they are parsed: for a command that other programs call in a way of their own.
   *
   * @throws UsageException if they make no sense
   */
  default List<String> rewrite(List<String> args) throws UsageException {
    return args;
  }

  /** Whether a signal is how it ends: it looks after that itself. */
  default boolean endsBySignal() {
    return false;
  }

  /**
   * Does it.
   *
   * @return the exit code
   * @throws CommandException if it fails; the message is for the user, in one line
   * @throws UsageException if the options do not go together
   */
  int run(Invocation invocation) throws CommandException, UsageException;
}
