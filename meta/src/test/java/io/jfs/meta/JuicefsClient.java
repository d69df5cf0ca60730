package io.jfs.meta;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The reference client, run as a program beside the test. */
public final class JuicefsClient {
  private JuicefsClient() {}

  /** Skips the test unless the reference client and what it needs to mount are there. */
  public static void assumeInstalled() {
    boolean installed =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, "juicefs")));
    Assumptions.assumeTrue(installed, "juicefs is not installed");
    Assumptions.assumeTrue(Files.isWritable(Path.of("/dev/fuse")), "no /dev/fuse");
  }

  /** What a command answered. */
  public record Answer(int code, String text) {}

  /** Runs a command to its end. */
  public static Answer run(String... arguments) {
    List<String> command = new ArrayList<>(List.of("juicefs"));
    command.addAll(List.of(arguments));
    return execute(command);
  }

  /** Runs any program to its end, with both outputs together. */
  public static Answer execute(List<String> command) {
    try {
      Path output = Files.createTempFile("jfs-juicefs", ".log");
      try {
        Process process =
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError(command + " does not end: " + Files.readString(output));
        }
        byte[] text = Files.readAllBytes(output);
        return new Answer(process.exitValue(), new String(text, StandardCharsets.UTF_8));
      } finally {
        Files.deleteIfExists(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
