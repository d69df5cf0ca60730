package io.jfs.cli.log;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Where log lines go and what they look like; one for the process, because SLF4J is.
 *
 * <pre>
 * [ID ]YYYY/MM/DD hh:mm:ss.uuuuuu jfs[PID] &lt;LEVEL&gt;: message [method@File.java:line]
 * </pre>
 *
 * <p>Lines go to standard error until {@link #detach}. Colours are for terminals only. Command-line
 * spec 3.1.
 */
public final class LogOutput {
  private static final LogOutput SHARED = new LogOutput();

  /** gRPC has a log of its own, the JDK's, and tells there what nobody asked for. */
  private static final Logger GRPC = Logger.getLogger("io.grpc");

  static {
    GRPC.setLevel(Level.WARNING);
  }

  private final long pid = ProcessHandle.current().pid();
  private volatile LogLevel threshold = LogLevel.INFO;
  private volatile boolean coloured;
  private volatile boolean silent;
  private volatile String prefix = "";
  private volatile PrintStream out = System.err;
  private volatile @Nullable PrintStream copy;
  private volatile @Nullable BiConsumer<LogLevel, String> system;
  private volatile Consumer<Runnable> printer = Runnable::run;

  private LogOutput() {}

  /** The process' log. */
  public static LogOutput shared() {
    return SHARED;
  }

  /**
   * Sets what is shown and how.
   *
   * @param threshold least level that is shown
   * @param id put before every line in brackets; empty for none
   * @param coloured whether levels are coloured
   */
  public void configure(LogLevel threshold, String id, boolean coloured) {
    this.threshold = threshold;
    this.prefix = id.isEmpty() ? "" : "[" + id + "] ";
    this.coloured = coloured;
  }

  /** Whether standard error is a terminal, as far as /proc tells. */
  public static boolean isTerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * From now on lines are appended to a file, too, which is followed by its name: see {@link
   * LogFile}. It is never closed.
   */
  public void alsoTo(Path file) throws IOException {
    copy = new PrintStream(new LogFile(file, System::nanoTime), true, StandardCharsets.UTF_8);
  }

  /** From now on lines go to the machine's log, too, without the time: that has its own. */
  public void alsoToSystem(BiConsumer<LogLevel, String> systemLog) {
    system = systemLog;
  }

  /** Leaves standard error: from now on lines go only to the file of {@link #alsoTo}. */
  public PrintStream detach() {
    PrintStream file = copy == null ? out : copy;
    coloured = false;
    out = file;
    copy = null;
    return file;
  }

  /** From now on lines for standard error are printed by what {@code printer} is given to run. */
  public void printThrough(Consumer<Runnable> printer) {
    this.printer = printer;
  }

  /** The last words of a command that fails. */
  public void fatal(String message) {
    print(LogLevel.FATAL, message, "", null);
  }

  /** As {@link #fatal}, and whatever threads go on to say is not heard any more. */
  public void lastWords(String message) {
    fatal(message);
    silent = true;
  }

  boolean shows(String loggerName, LogLevel level) {
    LogLevel least = threshold;
    boolean ours = loggerName.startsWith("io.jfs.");
    // Libraries say at INFO what belongs to DEBUG here.
    return level.compareTo(ours || least == LogLevel.TRACE ? least : LogLevel.WARN) >= 0;
  }

  void print(LogLevel level, String message, String caller, @Nullable Throwable cause) {
    if (silent) {
      return;
    }
    String place = caller.isEmpty() ? "" : " [" + caller + "]";
    LocalDateTime now = LocalDateTime.now(java.time.ZoneId.systemDefault());
    String line =
        String.format(
            Locale.ROOT,
            "%s%04d/%02d/%02d %02d:%02d:%02d.%06d jfs[%d] <%s>: %s%s",
            prefix,
            now.getYear(),
            now.getMonthValue(),
            now.getDayOfMonth(),
            now.getHour(),
            now.getMinute(),
            now.getSecond(),
            now.getNano() / 1000,
            pid,
            level.label(coloured),
            message,
            place);
    PrintStream first = out;
    printer.accept(() -> write(first, line, cause));
    PrintStream second = copy;
    if (second != null) {
      write(second, line, cause);
    }
    BiConsumer<LogLevel, String> third = system;
    if (third != null) {
      String because = cause == null ? "" : ": " + cause;
      third.accept(level, prefix + "<" + level.label(false) + ">: " + message + because + place);
    }
  }

  private synchronized void write(PrintStream stream, String line, @Nullable Throwable cause) {
    stream.println(line);
    if (cause != null) {
      cause.printStackTrace(stream);
    }
  }

  /** {@code method@File.java:line} of the first frame that is neither a logger's nor SLF4J's. */
  static String callerOf(String boundary) {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames
                    .dropWhile(f -> !f.getClassName().equals(boundary))
                    .dropWhile(
                        f ->
                            f.getClassName().equals(boundary)
                                || f.getClassName().startsWith("org.slf4j."))
                    .findFirst()
                    .map(f -> f.getMethodName() + "@" + f.getFileName() + ":" + f.getLineNumber())
                    .orElse(""));
  }
}
