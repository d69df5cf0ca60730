package io.jfs.cli.command;

import io.jfs.cli.control.ControlAnswer;
import io.jfs.cli.control.ControlChannel;
import io.jfs.cli.control.ControlPayload;
import io.jfs.cli.control.MountedPath;
import io.jfs.cli.option.Option;
import io.jfs.cli.option.OptionGroup;
import io.jfs.cli.option.Options;
import io.jfs.cli.option.UsageException;
import io.jfs.cli.progress.Counter;
import io.jfs.cli.progress.Progress;
import io.jfs.cli.progress.Unit;
import java.nio.file.Path;
import java.util.List;

/** {@code jfs rmr}: removes trees inside the mount, without a request per entry. */
final class RmrCommand implements Command {
  private static final int OPCODE = 1002;

  private static final Option<Boolean> SKIP_TRASH =
      Option.flag("skip-trash", "remove for good, not into the trash (only for root)");

  private static final Option<Long> THREADS =
      Option.number("threads p", "50", "how many directories are emptied at once, at most 255");

  @Override
  public String name() {
    return "rmr";
  }

  @Override
  public String summary() {
    return "Remove trees quickly.";
  }

  @Override
  public List<String> arguments() {
    return List.of("PATH...");
  }

  @Override
  public String explanation() {
    return """
        Removes files and directories with everything below them. The mount (of jfs or of JuiceFS)
        does it by itself, much faster than rm -r. What was removed before a failure stays removed.

        Example:
          jfs rmr /mnt/jfs/directory
        """;
  }

  @Override
  public List<OptionGroup> options() {
    return List.of(OptionGroup.of("RMR", SKIP_TRASH, THREADS));
  }

  @Override
  public int run(Invocation invocation) throws CommandException, UsageException {
    Options options = invocation.options();
    int flags = options.get(SKIP_TRASH) ? 1 : 0;
    int threads = ControlPayload.threads(options, THREADS);
    try (Progress progress = Progress.onStandardError()) {
      Counter removed = progress.spinner("Removed entries", Unit.COUNT);
      for (String argument : invocation.arguments()) {
        remove(argument, flags, threads, removed);
      }
    }
    return 0;
  }

  private static void remove(String argument, int flags, int threads, Counter removed)
      throws CommandException {
    Path path = MountedPath.named(argument);
    Path parent = MountedPath.parentOf(path);
    long before = removed.value();
    try (ControlChannel channel = ControlChannel.open(parent)) {
      byte[] payload =
          new ControlPayload()
              .inode(MountedPath.inode(parent))
              .name(path)
              .u8(flags)
              .u8(threads)
              .bytes();
      ControlAnswer answer =
          channel.ask(OPCODE, payload, (count, unused) -> removed.set(before + count));
      if (!answer.isDone()) {
        throw new CommandException("RMR \"" + argument + "\": " + answer.reason());
      }
    }
  }
}
