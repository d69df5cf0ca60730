package io.jfs.cli.mount;

import io.jfs.cli.command.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The directory that a volume is to be mounted on. */
public final class MountTarget {
  /** What a mount that lives there already means. */
  public enum Living {
    /** Refuse. */
    REFUSED,
    /** Mount over it. */
    COVERED
  }

  private MountTarget() {}

  /**
   * The absolute path of a directory that can be mounted on. What a dead server left there is fine:
   * mounting replaces it.
   *
   * @throws CommandException if there is none, it is no directory, or a living mount
   */
  public static Path require(String text, Living living) throws CommandException {
    Path path = Path.of(text).toAbsolutePath().normalize();
    if (path.getNameCount() == 0) {
      throw new CommandException("mounting on / is not possible");
    }
    Optional<String> mounted = MountTable.fuseMountAt(path);
    if (mounted.isPresent()) {
      if (living == Living.REFUSED && isAlive(path)) {
        throw new CommandException(
            "\""
                + path
                + "\" is mounted already ("
                + mounted.get()
                + "); unmount it first, or use"
                + " --force to mount over it");
      }
      return path;
    }
    if (!Files.exists(path)) {
      throw new CommandException("mount point \"" + path + "\" does not exist");
    }
    if (!Files.isDirectory(path)) {
      throw new CommandException("mount point \"" + path + "\" is not a directory");
    }
    return path;
  }

  /** Whether a FUSE mount lives at exactly this path. */
  public static boolean isServed(Path path) {
    return MountTable.fuseMountAt(path).isPresent() && isAlive(path);
  }

  /**
   * A dead server's mount still answers stat from the kernel's cache for a while, but not statfs.
   */
  private static boolean isAlive(Path path) {
    try {
      long unused = Files.getFileStore(path).getTotalSpace();
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
