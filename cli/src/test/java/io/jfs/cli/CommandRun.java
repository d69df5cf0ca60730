package io.jfs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.cli.log.LogOutput;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a command did, run in this process: exit code, standard output, the lines of its log.
 *
 * @param exitCode of the command
 * @param out standard output
 * @param log standard error
 */
public record CommandRun(int exitCode, String out, String log) {
  private static final Path LOG = copyLog();

  /** Runs {@code jfs ARGS} with an empty standard input. */
  public static CommandRun jfs(String... args) {
    return answering("", args);
  }

  /** Runs {@code jfs ARGS} with this on standard input. */
  public static synchronized CommandRun answering(String input, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    InputStream former = System.in;
    System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
    int before = readLog().length();
    try {
      int exitCode =
          new JfsCli(new PrintStream(out, true, StandardCharsets.UTF_8)).run(List.of(args));
      return new CommandRun(
          exitCode, out.toString(StandardCharsets.UTF_8), readLog().substring(before));
    } finally {
      System.setIn(former);
    }
  }

  private static Path copyLog() {
    try {
      Path file = Files.createTempFile("jfs", ".log");
      file.toFile().deleteOnExit();
      LogOutput.shared().alsoTo(file);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String readLog() {
    try {
      return Files.readString(LOG);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Requires success; what it printed. */
  public String succeeded() {
    assertThat(exitCode).as("%s", log).isZero();
    return out;
  }

  /** Requires failure for a reason. */
  public void failed(String reason) {
    assertThat(exitCode).as("%s", out).isEqualTo(1);
    assertThat(log).contains("<FATAL>: ").contains(reason);
  }
}
