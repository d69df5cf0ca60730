package io.jfs.cli.fsck;

import io.jfs.cli.command.CommandException;
import io.jfs.meta.admin.Finding;
import io.jfs.meta.admin.InodePaths;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is checked: the whole volume, one inode, or one inode and everything below it. */
public final class Scope {
  private final @Nullable Set<Ino> inodes;

  private Scope(@Nullable Set<Ino> inodes) {
    this.inodes = inodes;
  }

  /** The whole volume. */
  public static Scope volume() {
    return new Scope(null);
  }

  /**
   * What a path leads to.
   *
   * @throws CommandException if it leads nowhere
   */
  public static Scope of(InodePaths paths, String path, boolean recursive) throws CommandException {
    if (!path.startsWith("/")) {
      throw new CommandException("--path: \"" + path + "\" is not absolute");
    }
    try {
      Ino ino = paths.find(path);
      if (ino == null) {
        throw new CommandException(path + ": no such file or directory");
      }
      return new Scope(recursive ? paths.tree(ino) : Set.of(ino));
    } catch (FsException e) {
      throw new CommandException(path + ": " + e.getMessage(), e);
    }
  }

  /** Whether this is the whole volume. */
  public boolean isVolume() {
    return inodes == null;
  }

  /** Whether an inode is in it. */
  public boolean contains(Ino ino) {
    return inodes == null || inodes.contains(ino);
  }

  /** Whether a finding is about something in it. */
  public boolean contains(Finding finding) {
    return inodes == null || inodes.contains(finding.ino());
  }
}
