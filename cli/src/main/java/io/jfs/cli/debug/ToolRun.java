package io.jfs.cli.debug;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs whose output belongs into a report. */
final class ToolRun {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private ToolRun() {}

  /**
   * What a program says, both outputs.
   *
   * @throws IOException if there is no such program, or it does not end in time
   */
  static String output(List<String> command) throws IOException, InterruptedException {
    Path said = Files.createTempFile("jfs-debug", ".out");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      try {
        process.getOutputStream().close();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
          throw new IOException(
              command.get(0) + " has not ended in " + PATIENCE.toSeconds() + " s");
        }
      } finally {
        process.destroyForcibly();
      }
      return new String(Files.readAllBytes(said), StandardCharsets.UTF_8);
    } finally {
      Files.delete(said);
    }
  }
}
