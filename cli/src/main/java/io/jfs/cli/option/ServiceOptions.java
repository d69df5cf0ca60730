package io.jfs.cli.option;

/** How a mount runs as a process. Command-line spec 4.2. */
public final class ServiceOptions {
  /** Run in the background. */
  public static final Option<Boolean> BACKGROUND =
      Option.flag(
          "background d", "return as soon as the mount answers, and serve in the background");

  /** Run in the foreground, which is the default. */
  public static final Option<Boolean> FOREGROUND =
      Option.flag("foreground f", "serve in the foreground (the default)").hidden();

  /** No syslog. */
  public static final Option<Boolean> NO_SYSLOG =
      Option.flag("no-syslog", "in the background log to the log file only, not to syslog, too");

  /** Log file of the background process. */
  public static final Option<String> LOG =
      Option.text(
          "log",
          "FILE",
          "",
          "log file when in the background (/var/log/jfs.log; ~/.juicefs/jfs.log for users);"
              + " begun anew when it is moved away");

  /** Accepted, without effect. */
  public static final Option<Boolean> FORCE =
      Option.flag("force", "accepted; a further mount on the same mount point is always tried");

  /** Kernel front end. */
  public static final Option<String> FUSE =
      Option.choice(
          "fuse",
          java.util.List.of("kernel", "jnr"),
          "kernel",
          "how to talk to the kernel: its own protocol, or libfuse 2 through jnr-fuse");

  /** A line in fstab(5). */
  public static final Option<Boolean> UPDATE_FSTAB =
      Option.flag(
          "update-fstab", "put a line for this mount into /etc/fstab; links /sbin/mount.jfs");

  /** No huge pages. */
  public static final Option<Boolean> DISABLE_THP =
      Option.flag(
          "disable-transparent-hugepage",
          "no transparent huge pages for this process, whose compaction costs latency");

  /** All of them. */
  public static final OptionGroup GROUP =
      OptionGroup.of(
          "SERVICE",
          BACKGROUND,
          FOREGROUND,
          NO_SYSLOG,
          LOG,
          FORCE,
          FUSE,
          UPDATE_FSTAB,
          DISABLE_THP);

  private ServiceOptions() {}
}
