package io.jfs.cli.mount;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;

/**
 * What a supervisor is asked to run instead of what it runs: the working folder, the launcher and
 * its arguments, each ended by NUL, and the environment likewise. The bytes are those of this
 * process, taken from /proc, whatever their encoding.
 */
public final class UpgradeRequest {
  private static final byte[] JAR = "-jar".getBytes(StandardCharsets.US_ASCII);

  private UpgradeRequest() {}

  /**
   * Leaves it in a supervisor's folder.
   *
   * @throws IOException it cannot be written, or this process was not started by the launcher
   */
  public static void leaveIn(Path folder) throws IOException {
    Path self = Path.of("/proc/self");
    byte[] environment = Files.readAllBytes(self.resolve("environ"));
    byte[] launcher = valueOf(environment, "JFS_LAUNCHER=");
    if (launcher.length == 0) {
      throw new IOException("jfs was not started by its launcher, scripts/jfs");
    }
    ByteArrayOutputStream command = new ByteArrayOutputStream();
    put(command, Files.readSymbolicLink(self.resolve("cwd")).toString().getBytes(charset()));
    put(command, launcher);
    command.writeBytes(arguments(Files.readAllBytes(self.resolve("cmdline"))));
    write(folder.resolve("request.env"), environment);
    write(folder.resolve("request"), command.toByteArray());
  }

  private static java.nio.charset.Charset charset() {
    return java.nio.charset.Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
  }

  private static void put(ByteArrayOutputStream out, byte[] word) {
    out.writeBytes(word);
    out.write(0);
  }

  /** What stands behind {@code -jar FILE} in a command line of words that NUL ends. */
  static byte[] arguments(byte[] commandLine) throws IOException {
    int at = 0;
    while (at < commandLine.length) {
      int end = endOfWord(commandLine, at);
      boolean isJar = Arrays.equals(commandLine, at, end, JAR, 0, JAR.length);
      at = end + 1;
      if (isJar) {
        return Arrays.copyOfRange(
            commandLine,
            Math.min(endOfWord(commandLine, at) + 1, commandLine.length),
            commandLine.length);
      }
    }
    throw new IOException("jfs was not started by its launcher, scripts/jfs");
  }

  private static int endOfWord(byte[] words, int from) {
    int end = from;
    while (end < words.length && words[end] != 0) {
      end++;
    }
    return end;
  }

  static byte[] valueOf(byte[] environment, String name) {
    byte[] wanted = name.getBytes(StandardCharsets.US_ASCII);
    for (int at = 0; at < environment.length; ) {
      int end = endOfWord(environment, at);
      int valueAt = at + wanted.length;
      if (valueAt <= end && Arrays.equals(environment, at, valueAt, wanted, 0, wanted.length)) {
        return Arrays.copyOfRange(environment, valueAt, end);
      }
      at = end + 1;
    }
    return new byte[0];
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(file, bytes, StandardOpenOption.WRITE);
  }
}
