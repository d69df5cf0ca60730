package io.jfs.cli.watch;

import io.jfs.cli.command.CommandException;
import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Finds the virtual files of a mount. */
public final class VirtualFile {
  private static final long ROOT_INODE = 1;

  private VirtualFile() {}

  /**
   * A virtual file of the mount at {@code mountPoint}; {@code .jfs.X} is tried before {@code .X}.
   *
   * @param name such as {@code .stats}
   * @throws CommandException if it is not the root of a mount, or has no such file
   */
  public static Path find(String mountPoint, String name) throws CommandException {
    Path path = Path.of(mountPoint).toAbsolutePath().normalize();
    if (!isRoot(path)) {
      throw new CommandException("path \"" + mountPoint + "\" is not a mount point");
    }
    return Stream.of(".jfs" + name, name)
        .map(path::resolve)
        .filter(Files::exists)
        .findFirst()
        .orElseThrow(
            () -> new CommandException("\"" + mountPoint + "\" has no " + name + " to read"));
  }

  /**
   * Reads the lines of a log as they come. Never asks how much there is to read: that would be an
   * operation on the mount each time, and so a line in the log.
   */
  public static BufferedReader lines(Path log) throws IOException {
    InputStream in =
        new FilterInputStream(Files.newInputStream(log)) {
          @Override
          public int available() {
            return 0;
          }
        };
    return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  /** Whether this is the root of a mount. */
  public static boolean isRoot(Path path) throws CommandException {
    try {
      return Files.getAttribute(path, "unix:ino").equals(ROOT_INODE);
    } catch (IOException e) {
      throw new CommandException("\"" + path + "\" cannot be read: " + e.getMessage(), e);
    }
  }
}
