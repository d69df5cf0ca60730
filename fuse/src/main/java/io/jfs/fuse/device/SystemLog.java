package io.jfs.fuse.device;

/**
 * The log of the machine: syslog(3), facility user, with the name and number of this process. The C
 * library finds the daemon and finds it again when that was restarted; without one lines are lost.
 */
public final class SystemLog {
  private static final int LOG_PID = 1;
  private static final int LOG_USER = 1 << 3;

  /** How much a line matters, as syslog(3) numbers it. */
  public enum Severity {
    /** LOG_CRIT. */
    CRITICAL(2),
    /** LOG_ERR. */
    ERROR(3),
    /** LOG_WARNING. */
    WARNING(4),
    /** LOG_INFO. */
    INFO(6),
    /** LOG_DEBUG. */
    DEBUG(7);

    private final int number;

    Severity(int number) {
      this.number = number;
    }
  }

  private SystemLog() {}

  /** From now on lines of this process carry this name. */
  public static void open(String name) {
    LibC.openlog(name, LOG_PID, LOG_USER);
  }

  /** One line. */
  public static void write(Severity severity, String line) {
    LibC.syslog(LOG_USER | severity.number, line);
  }
}
