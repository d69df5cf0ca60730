package io.jfs.cli.mount;

import io.jfs.cli.log.LogOutput;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A mount in the background: this process was started by {@code scripts/jfs}, which shows what we
 * print until the line {@code EOT exit-code} and then ends with that code.
 */
public final class Background {
  private static final char END_OF_TRANSMISSION = '\004';

  private Background() {}

  /** Whether the launcher listens. */
  public static boolean isLaunched() {
    return "pipe".equals(System.getProperty("jfs.background"));
  }

  /** Begins the log file; a log that cannot be written is told before the mount. */
  public static void beginLog(Path logFile) throws IOException {
    Path folder = logFile.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    LogOutput.shared().alsoTo(logFile);
  }

  /** Nobody listens: from now on log lines go to the file only. */
  public static void quiet() {
    PrintStream log = LogOutput.shared().detach();
    System.setErr(log);
    System.setOut(log);
  }

  /** Lets the launcher end well; from now on log lines go to the file only. */
  public static void ready() {
    PrintStream launcher = System.out;
    quiet();
    launcher.println(END_OF_TRANSMISSION + "0");
    launcher.flush();
  }
}
