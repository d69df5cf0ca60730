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
      Option.flag("no-syslog", "accepted; jfs logs to its log file, not to syslog");

  /** Log file of the background process. */
  public static final Option<String> LOG =
      Option.text(
          "log",
          "FILE",
          "",
          "log file when in the background (/var/log/jfs.log; ~/.juicefs/jfs.log for users)");

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

  /** All of them. */
  public static final OptionGroup GROUP =
      OptionGroup.of("SERVICE", BACKGROUND, FOREGROUND, NO_SYSLOG, LOG, FORCE, FUSE);

  private ServiceOptions() {}
}
