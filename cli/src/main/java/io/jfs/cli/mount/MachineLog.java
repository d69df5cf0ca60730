package io.jfs.cli.mount;

import io.jfs.cli.log.LogLevel;
import io.jfs.cli.log.LogOutput;
import io.jfs.fuse.device.SystemLog;
import io.jfs.fuse.device.SystemLog.Severity;

/** Log lines of a mount in the machine's own log, as the reference writes them. Spec 3.1. */
public final class MachineLog {
  private static final String NAME = "jfs";

  private MachineLog() {}

  /** From now on lines go there, too. */
  public static void begin() {
    SystemLog.open(NAME);
    LogOutput.shared().alsoToSystem((level, line) -> SystemLog.write(severity(level), line));
  }

  private static Severity severity(LogLevel level) {
    return switch (level) {
      case TRACE, DEBUG -> Severity.DEBUG;
      case INFO -> Severity.INFO;
      case WARN -> Severity.WARNING;
      case ERROR -> Severity.ERROR;
      case FATAL -> Severity.CRITICAL;
    };
  }
}
