package io.jfs.cli.control;

import io.jfs.cli.command.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What operators' commands must know of paths that lie on a mount. */
public final class MountedPath {
  private static final long ROOT_INODE = 1;

  private MountedPath() {}

  /**
   * The absolute path of something that exists, through symbolic links.
   *
   * @throws CommandException if it does not
   */
  public static Path existing(String text) throws CommandException {
    try {
      return Path.of(text).toRealPath();
    } catch (IOException e) {
      throw failed(text, e);
    }
  }

  /**
   * The absolute path of a name in a directory that exists; the name itself is not followed.
   *
   * @throws CommandException if there is no such directory, or the path has no name
   */
  public static Path named(String text) throws CommandException {
    Path path = Path.of(text).toAbsolutePath().normalize();
    Path parent = path.getParent();
    Path name = path.getFileName();
    if (parent == null || name == null) {
      throw new CommandException("\"" + text + "\" has no name");
    }
    return existing(parent.toString()).resolve(name);
  }

  /** The directory in which {@code .control} is looked for: the path, or what it is in. */
  public static Path directoryOf(Path path) {
    return Files.isDirectory(path) ? path : parentOf(path);
  }

  /** The directory that a name is in; the root's is itself. */
  public static Path parentOf(Path path) {
    Path parent = path.getParent();
    return parent == null ? path : parent;
  }

  /**
   * An inode number.
   *
   * @throws CommandException if there is nothing
   */
  public static long inode(Path path) throws CommandException {
    try {
      return (long) Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      throw failed(path.toString(), e);
    }
  }

  /**
   * The mount point that a path is below: its nearest directory with the inode number 1.
   *
   * @throws CommandException if there is none
   */
  public static Path mountPoint(Path path) throws CommandException {
    for (Path at = path; at != null; at = at.getParent()) {
      if (inode(at) == ROOT_INODE && Files.isDirectory(at)) {
        return at;
      }
    }
    throw new CommandException("\"" + path + "\" is not inside a mount of jfs or JuiceFS");
  }

  private static CommandException failed(String path, IOException cause) {
    String reason =
        cause instanceof NoSuchFileException
            ? "no such file or directory"
            : String.valueOf(cause.getMessage());
    return new CommandException("\"" + path + "\": " + reason, cause);
  }
}
