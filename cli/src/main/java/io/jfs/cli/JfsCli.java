package io.jfs.cli;

import io.jfs.cli.command.Command;
import io.jfs.cli.command.CommandException;
import io.jfs.cli.command.Commands;
import io.jfs.cli.command.Invocation;
import io.jfs.cli.log.LogLevel;
import io.jfs.cli.log.LogOutput;
import io.jfs.cli.option.CommandLineParser;
import io.jfs.cli.option.GlobalOptions;
import io.jfs.cli.option.Option;
import io.jfs.cli.option.OptionGroup;
import io.jfs.cli.option.Options;
import io.jfs.cli.option.UsageException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The entry point: finds the command, parses its options, runs it, and turns what goes wrong into
 * one line and an exit code (0 done, 1 failed, 3 unknown command, 130 interrupted).
 */
public final class JfsCli {
  private static final int FAILED = 1;
  private static final int UNKNOWN_COMMAND = 3;

  private final PrintStream out;

  JfsCli(PrintStream out) {
    this.out = out;
  }

  /** Runs a command line and ends the process with its exit code. */
  public static void main(String[] args) {
    Interruption.watch();
    int exitCode = new JfsCli(System.out).run(List.of(args));
    System.out.flush();
    Interruption.unwatch();
    System.exit(exitCode);
  }

  /** Runs a command line; returns its exit code. */
  int run(List<String> args) {
    int at = indexOfCommand(args);
    if (at < 0) {
      return runWithoutCommand(args);
    }
    Optional<Command> command = Commands.named(args.get(at));
    if (command.isEmpty()) {
      return "help".equals(args.get(at))
          ? help(args.subList(at + 1, args.size()))
          : unknownCommand(args.get(at));
    }
    List<String> rest = new ArrayList<>(args);
    rest.remove(at);
    return run(command.get(), rest);
  }

  private int runWithoutCommand(List<String> args) {
    CommandLineParser.Parsed parsed;
    try {
      parsed = new CommandLineParser(List.of(GlobalOptions.GROUP)).parse(args);
    } catch (UsageException e) {
      return fail(e.getMessage(), null);
    }
    if (parsed.options().get(GlobalOptions.VERSION)) {
      out.println("jfs version " + Version.current());
    } else {
      out.print(HelpText.overview());
    }
    return 0;
  }

  private int help(List<String> topic) {
    if (topic.isEmpty()) {
      out.print(HelpText.overview());
      return 0;
    }
    Optional<Command> command = Commands.named(topic.get(0));
    command.ifPresent(c -> out.print(HelpText.of(c)));
    return command.isPresent() ? 0 : unknownCommand(topic.get(0));
  }

  private static int unknownCommand(String name) {
    System.err.println("No help topic for '" + name + "'");
    return UNKNOWN_COMMAND;
  }

  private int run(Command command, List<String> args) {
    try {
      List<OptionGroup> groups = new ArrayList<>(command.options());
      groups.add(GlobalOptions.GROUP);
      CommandLineParser.Parsed parsed = new CommandLineParser(groups).parse(command.rewrite(args));
      configureLog(parsed.options());
      if (parsed.options().get(GlobalOptions.HELP)) {
        out.print(HelpText.of(command));
        return 0;
      }
      if (parsed.arguments().size() < command.arguments().size()) {
        return tooFewArguments(command);
      }
      if (command.endsBySignal()) {
        Interruption.unwatch();
      }
      return command.run(new Invocation(parsed.options(), parsed.arguments(), out));
    } catch (UsageException e) {
      return fail(e.getMessage(), null);
    } catch (CommandException e) {
      return fail(e.getMessage(), e.getCause());
    } catch (RuntimeException e) {
      return fail(oneLine(e), e);
    }
  }

  private int tooFewArguments(Command command) {
    out.println(
        "ERROR: This command requires at least " + command.arguments().size() + " arguments");
    out.print(HelpText.usage(command));
    return FAILED;
  }

  private static int fail(@Nullable String message, @Nullable Throwable cause) {
    if (cause != null) {
      log().debug("Cause", cause);
    }
    LogOutput.shared().fatal(message == null ? "unknown failure" : message);
    return FAILED;
  }

  private static Logger log() {
    return LoggerFactory.getLogger(JfsCli.class);
  }

  private static String oneLine(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  /** The command is the first word that is neither an option nor the value of a global option. */
  private static int indexOfCommand(List<String> args) {
    for (int at = 0; at < args.size(); at++) {
      String arg = args.get(at);
      if (!arg.startsWith("-")) {
        return at;
      }
      if (takesNextWord(arg)) {
        at++;
      }
    }
    return -1;
  }

  private static boolean takesNextWord(String arg) {
    String name = arg.replaceFirst("^--?", "");
    return GlobalOptions.GROUP.options().stream()
        .anyMatch(o -> !o.isFlag() && o.name().equals(name));
  }

  private static void configureLog(Options options) throws UsageException {
    String id = options.get(GlobalOptions.LOG_ID);
    LogOutput.shared()
        .configure(
            threshold(options),
            "random".equals(id) ? UUID.randomUUID().toString() : id,
            LogOutput.isTerminal() && !options.get(GlobalOptions.NO_COLOR));
  }

  private static LogLevel threshold(Options options) throws UsageException {
    if (options.get(GlobalOptions.TRACE)) {
      return LogLevel.TRACE;
    }
    if (options.get(GlobalOptions.VERBOSE)) {
      return LogLevel.DEBUG;
    }
    if (options.get(GlobalOptions.QUIET)) {
      return LogLevel.WARN;
    }
    Option<String> level = GlobalOptions.LOG_LEVEL;
    try {
      return LogLevel.named(options.get(level));
    } catch (IllegalArgumentException e) {
      throw new UsageException("invalid value for --" + level.name() + ": no such level");
    }
  }
}
