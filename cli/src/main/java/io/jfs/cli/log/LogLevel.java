package io.jfs.cli.log;

import java.util.Locale;
import org.slf4j.event.Level;

/** Levels of log lines, as they are printed. */
public enum LogLevel {
  /** Everything. */
  TRACE("TRACE", ""),
  /** For developers. */
  DEBUG("DEBUG", "35"),
  /** For operators. */
  INFO("INFO", "34"),
  /** Something is odd. */
  WARN("WARNING", "33"),
  /** Something failed. */
  ERROR("ERROR", "31"),
  /** The command ends here. */
  FATAL("FATAL", "31");

  private final String label;
  private final String colour;

  LogLevel(String label, String colour) {
    this.label = label;
    this.colour = colour;
  }

  /** What stands between {@code <} and {@code >}. */
  String label(boolean coloured) {
    return coloured && !colour.isEmpty() ? "\033[" + colour + "m" + label + "\033[0m" : label;
  }

  static LogLevel of(Level level) {
    return switch (level) {
      case TRACE -> TRACE;
      case DEBUG -> DEBUG;
      case INFO -> INFO;
      case WARN -> WARN;
      case ERROR -> ERROR;
    };
  }

  /**
   * The level of a name: trace, debug, info, warn or warning, error, fatal, panic.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static LogLevel named(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "warning" -> WARN;
      case "panic" -> FATAL;
      default -> valueOf(name.toUpperCase(Locale.ROOT));
    };
  }
}
