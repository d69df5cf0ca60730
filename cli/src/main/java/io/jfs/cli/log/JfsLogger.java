package io.jfs.cli.log;

import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** An SLF4J logger that prints to {@link LogOutput}. */
final class JfsLogger extends LegacyAbstractLogger {
  private static final long serialVersionUID = 1;

  private final transient LogOutput output;

  JfsLogger(String name, LogOutput output) {
    this.name = name;
    this.output = output;
  }

  @Override
  protected String getFullyQualifiedCallerName() {
    return JfsLogger.class.getName();
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level,
      @Nullable Marker marker,
      String format,
      Object @Nullable [] arguments,
      @Nullable Throwable cause) {
    String message = MessageFormatter.basicArrayFormat(format, arguments);
    output.print(
        LogLevel.of(level),
        message == null ? "null" : message,
        LogOutput.callerOf(org.slf4j.helpers.AbstractLogger.class.getName()),
        cause);
  }

  @Override
  public boolean isTraceEnabled() {
    return output.shows(getName(), LogLevel.TRACE);
  }

  @Override
  public boolean isDebugEnabled() {
    return output.shows(getName(), LogLevel.DEBUG);
  }

  @Override
  public boolean isInfoEnabled() {
    return output.shows(getName(), LogLevel.INFO);
  }

  @Override
  public boolean isWarnEnabled() {
    return output.shows(getName(), LogLevel.WARN);
  }

  @Override
  public boolean isErrorEnabled() {
    return output.shows(getName(), LogLevel.ERROR);
  }
}
