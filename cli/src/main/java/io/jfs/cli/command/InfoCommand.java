package io.jfs.cli.command;

import io.jfs.cli.control.ControlAnswer;
import io.jfs.cli.control.ControlChannel;
import io.jfs.cli.control.ControlChannel.ProgressListener;
import io.jfs.cli.control.ControlPayload;
import io.jfs.cli.control.Fields;
import io.jfs.cli.control.MountedPath;
import io.jfs.cli.option.Option;
import io.jfs.cli.option.OptionGroup;
import io.jfs.cli.option.Options;
import io.jfs.cli.progress.Counter;
import io.jfs.cli.progress.Progress;
import io.jfs.cli.progress.Unit;
import java.nio.file.Path;
import java.util.List;

/** {@code jfs info}: what a mount knows of files, directories or inodes. Vfs-cli spec 3.8. */
final class InfoCommand implements Command {
  private static final int OPCODE = 1005;

  private static final Option<Boolean> INODE =
      Option.flag("inode i", "arguments are inode numbers of the mount that one is in");

  private static final Option<Boolean> RECURSIVE =
      Option.flag("recursive r", "sum up whole trees, not only a directory's own entries");

  private static final Option<Boolean> STRICT =
      Option.flag("strict", "sum up exactly where a mount would trust its statistics");

  private static final Option<Boolean> RAW =
      Option.flag("raw", "show slices instead of the objects that hold them");

  @Override
  public String name() {
    return "info";
  }

  @Override
  public String summary() {
    return "Show what a mount knows of files, directories or inodes.";
  }

  @Override
  public List<String> arguments() {
    return List.of("PATH...");
  }

  @Override
  public String explanation() {
    return """
        Shows inode number, usage, all paths, the objects (or slices) that hold the data, and locks.
        Works on a mount of jfs or of JuiceFS, whose answer it is. A jfs mount always sums up
        exactly, a JuiceFS one with --strict.

        Examples:
          jfs info /mnt/jfs/file
          jfs info -r /mnt/jfs/directory
          cd /mnt/jfs && jfs info -i 100
        """;
  }

  @Override
  public List<OptionGroup> options() {
    return List.of(OptionGroup.of("INFO", INODE, RECURSIVE, STRICT, RAW));
  }

  @Override
  public int run(Invocation invocation) {
    return invocation.forEachArgument(argument -> show(invocation, argument));
  }

  private static void show(Invocation invocation, String argument) throws CommandException {
    Options options = invocation.options();
    Path path = MountedPath.existing(options.get(INODE) ? "." : argument);
    long inode = options.get(INODE) ? inodeOf(argument) : MountedPath.inode(path);
    Fields found = ask(MountedPath.directoryOf(path), options, inode);
    if (found.flag("Failed")) {
      throw new CommandException("\"" + argument + "\": " + found.text("Reason"));
    }
    invocation.out().print(InfoText.of(argument, found, options.get(RAW)));
  }

  private static long inodeOf(String argument) throws CommandException {
    try {
      return Long.parseUnsignedLong(argument);
    } catch (NumberFormatException e) {
      throw new CommandException("\"" + argument + "\" is not an inode number", e);
    }
  }

  private static Fields ask(Path directory, Options options, long inode) throws CommandException {
    boolean recursive = options.get(RECURSIVE);
    byte[] payload =
        new ControlPayload()
            .inode(inode)
            .u8(recursive ? 1 : 0)
            .u8(options.get(RAW) ? 1 : 0)
            .u8(options.get(STRICT) ? 1 : 0)
            .bytes();
    try (ControlChannel channel = ControlChannel.open(directory);
        Progress progress = recursive ? Progress.onStandardError() : Progress.silent()) {
      ControlAnswer answer = ask(channel, payload, progress);
      if (!answer.isDone()) {
        throw new CommandException("inode " + inode + ": " + answer.reason());
      }
      return answer.fields();
    }
  }

  private static ControlAnswer ask(ControlChannel channel, byte[] payload, Progress progress)
      throws CommandException {
    Counter entries = progress.spinner("Entries", Unit.COUNT);
    Counter size = progress.spinner("Size", Unit.BYTES);
    return channel.ask(OPCODE, payload, ProgressListener.of(entries, size));
  }
}
