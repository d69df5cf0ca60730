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

  /** Makes the log file's folder, so that a log that cannot be written is told before the mount. */
  public static void prepareLog(Path logFile) throws IOException {
    Path folder = logFile.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Files.newOutputStream(
            logFile,
            java.nio.file.StandardOpenOption.CREATE,
            java.nio.file.StandardOpenOption.APPEND)
        .close();
  }

  /** Lets the launcher end well; from now on log lines go to the file. */
  public static void ready(Path logFile) throws IOException {
    PrintStream launcher = System.out;
    PrintStream log = LogOutput.shared().toFile(logFile);
    System.setErr(log);
    System.setOut(log);
    launcher.println(END_OF_TRANSMISSION + "0");
    launcher.flush();
  }
}
