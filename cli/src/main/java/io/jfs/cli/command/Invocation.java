package io.jfs.cli.command;

import io.jfs.cli.option.Options;
import java.io.PrintStream;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call of a command.
 *
 * @param options given or default
 * @param arguments at least as many as the command names
 * @param out where results go
 */
public record Invocation(Options options, List<String> arguments, PrintStream out) {
  private static final Logger log = LoggerFactory.getLogger(Invocation.class);

  /** What a command does with one of several arguments. */
  @FunctionalInterface
  interface Task {
    void run(String argument) throws CommandException;
  }

  /** Does it with each argument, whatever becomes of the others; the exit code. */
  int forEachArgument(Task task) {
    int exitCode = 0;
    for (String argument : arguments) {
      try {
        task.run(argument);
      } catch (CommandException e) {
        log.error("{}", e.getMessage());
        exitCode = 1;
      }
    }
    return exitCode;
  }
}
