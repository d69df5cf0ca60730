package io.jfs.cli.option;

/** Options that every command takes. Command-line spec 3.1. */
public final class GlobalOptions {
  /** Debug messages. */
  public static final Option<Boolean> VERBOSE =
      Option.flag("verbose debug v", "show debug messages");

  /** Warnings and errors only. */
  public static final Option<Boolean> QUIET =
      Option.flag("quiet q", "show warnings and errors only");

  /** Everything. */
  public static final Option<Boolean> TRACE = Option.flag("trace", "show trace messages");

  /** Threshold by name. */
  public static final Option<String> LOG_LEVEL =
      Option.text(
              "log-level", "LEVEL", "info", "least level shown: trace, debug, info, warn, error")
          .hidden();

  /** Prefix of every log line. */
  public static final Option<String> LOG_ID =
      Option.text("log-id", "ID", "", "put [ID] before every log line; \"random\" for a new UUID");

  /** Accepted for compatibility: jfs starts no debug agent. */
  public static final Option<Boolean> NO_AGENT =
      Option.flag("no-agent", "accepted; jfs opens no debug port");

  /** No colours even on a terminal. */
  public static final Option<Boolean> NO_COLOR = Option.flag("no-color", "no colours in log lines");

  /** The help text. */
  public static final Option<Boolean> HELP = Option.flag("help h", "show this text");

  /** The version. */
  public static final Option<Boolean> VERSION = Option.flag("version V", "show the version");

  /** All of them. */
  public static final OptionGroup GROUP =
      OptionGroup.of(
          "GLOBAL", VERBOSE, QUIET, TRACE, LOG_LEVEL, LOG_ID, NO_AGENT, NO_COLOR, HELP, VERSION);

  private GlobalOptions() {}
}
