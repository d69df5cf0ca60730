package io.jfs.cli.bench;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.meta.model.Caller;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * A file with a line for each operation, as the reference writes it for clients without a mount:
 * {@code time [uid:0,gid:0,pid:N] operation <seconds>}. Vfs-cli spec 3.8. Thread safe.
 */
public final class OperationLog implements AutoCloseable {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy.MM.dd HH:mm:ss.SSSSSS", Locale.ROOT);

  private final InstantSource clock;
  private final String who;

  @GuardedBy("this")
  private final PrintWriter out;

  /** Appends to {@code file}, which is made if it is missing. */
  public OperationLog(Path file, Caller caller, InstantSource clock) throws IOException {
    this.clock = clock;
    this.who =
        "[uid:%d,gid:%d,pid:%d]"
            .formatted(caller.uid(), caller.gid(), ProcessHandle.current().pid());
    this.out =
        new PrintWriter(
            Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
  }

  /**
   * Adds a line.
   *
   * @param operation with arguments and result, e.g. {@code Mkdir (/a, 777): OK}
   */
  public synchronized void add(String operation, long nanos) {
    String time = TIME.format(LocalDateTime.ofInstant(clock.instant(), ZoneId.systemDefault()));
    out.printf(Locale.ROOT, "%s %s %s <%.6f>%n", time, who, operation, nanos / 1e9);
  }

  /**
   * Ends the file.
   *
   * @throws IOException if lines could not be written
   */
  @Override
  public synchronized void close() throws IOException {
    boolean failed = out.checkError();
    out.close();
    if (failed) {
      throw new IOException("the access log could not be written");
    }
  }
}
