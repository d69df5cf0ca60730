package io.jfs.cli.command;

import io.jfs.cli.control.ControlAnswer;
import io.jfs.cli.control.ControlChannel;
import io.jfs.cli.control.ControlPayload;
import io.jfs.cli.control.MountedPath;
import io.jfs.cli.option.Option;
import io.jfs.cli.option.OptionGroup;
import io.jfs.cli.option.UsageException;
import io.jfs.cli.progress.Counter;
import io.jfs.cli.progress.Progress;
import io.jfs.cli.progress.Unit;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/** {@code jfs clone}: copies a file or a tree without copying its data. */
final class CloneCommand implements Command {
  private static final int OPCODE = 1006;

  private static final Option<Boolean> PRESERVE =
      Option.flag("preserve p", "keep owner, group, mode and times");

  private static final Option<Long> THREADS =
      Option.number("threads", "4", "how many inodes are cloned at once, at most 255");

  @Override
  public String name() {
    return "clone";
  }

  @Override
  public String summary() {
    return "Copy a file or a tree without copying its data.";
  }

  @Override
  public List<String> arguments() {
    return List.of("SRC", "DST");
  }

  @Override
  public String explanation() {
    return """
        The copy shares its data with the source until one of them is written to. It appears whole
        or not at all. Both must be on one mount. If DST is a directory, the copy goes into it.

        Examples:
          jfs clone /mnt/jfs/file1 /mnt/jfs/file2
          jfs clone -p /mnt/jfs/directory /mnt/jfs/backup/
        """;
  }

  @Override
  public List<OptionGroup> options() {
    return List.of(OptionGroup.of("CLONE", PRESERVE, THREADS));
  }

  @Override
  public int run(Invocation invocation) throws CommandException, UsageException {
    Path source = MountedPath.existing(invocation.arguments().get(0));
    Path target = target(source, invocation.arguments().get(1));
    if (target.startsWith(source)) {
      throw new CommandException("the clone DST path should not be under the SRC path");
    }
    Path directory = MountedPath.parentOf(target);
    Path mount = MountedPath.mountPoint(source);
    if (!MountedPath.mountPoint(directory).equals(mount)) {
      throw new CommandException(
          "\"" + directory + "\" is not on the mount \"" + mount + "\" that SRC is on");
    }
    byte[] payload =
        new ControlPayload()
            .inode(MountedPath.inode(source))
            .inode(MountedPath.inode(MountedPath.parentOf(source)))
            .inode(MountedPath.inode(directory))
            .name(target)
            .u16(ProcessUser.umask())
            .u8(invocation.options().get(PRESERVE) ? 1 : 0)
            .u8(ControlPayload.threads(invocation.options(), THREADS))
            .bytes();
    ask(directory, payload);
    return 0;
  }

  private static void ask(Path directory, byte[] payload) throws CommandException {
    try (ControlChannel channel = ControlChannel.open(directory);
        Progress progress = Progress.onStandardError()) {
      Counter cloned = progress.bar("Cloned entries", Unit.COUNT, 0);
      ControlAnswer answer =
          channel.ask(
              OPCODE,
              payload,
              (done, total) -> {
                cloned.total(total);
                cloned.set(done);
              });
      if (!answer.isDone()) {
        throw new CommandException("clone failed: " + answer.reason());
      }
    }
  }

  private static Path target(Path source, String text) throws CommandException {
    Path given = Path.of(text);
    boolean into = text.endsWith("/") || Files.isDirectory(given);
    Path name = source.getFileName();
    Path target =
        into && name != null
            ? MountedPath.existing(text).resolve(name)
            : MountedPath.named(given.toString());
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new CommandException("\"" + target + "\" already exists");
    }
    return target;
  }
}
