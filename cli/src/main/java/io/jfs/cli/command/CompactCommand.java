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
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code jfs compact}: rewrites chunks that were written in many pieces. */
final class CompactCommand implements Command {
  private static final Logger log = LoggerFactory.getLogger(CompactCommand.class);
  private static final int OPCODE = 1008;

  private static final Option<Long> THREADS =
      Option.number("threads p", "10", "how many chunks are compacted at once");

  @Override
  public String name() {
    return "compact";
  }

  @Override
  public String summary() {
    return "Compact files that were written in many pieces.";
  }

  @Override
  public List<String> arguments() {
    return List.of("PATH...");
  }

  @Override
  public String explanation() {
    return """
        Compacts files, or all files below directories: reads each chunk that consists of many
        slices and writes it as one, so that it is read faster and takes no more space than needed.

        Example:
          jfs compact /mnt/jfs/directory
        """;
  }

  @Override
  public List<OptionGroup> options() {
    return List.of(OptionGroup.of("COMPACT", THREADS));
  }

  @Override
  public int run(Invocation invocation) throws UsageException {
    int threads = ControlPayload.threads(invocation.options(), THREADS);
    return invocation.forEachArgument(argument -> compact(argument, threads));
  }

  private static void compact(String argument, int threads) throws CommandException {
    Path path = MountedPath.existing(argument);
    long inode = MountedPath.inode(path);
    byte[] payload = new ControlPayload().inode(inode).u16(threads).bytes();
    try (ControlChannel channel = ControlChannel.open(MountedPath.directoryOf(path));
        Progress progress = Progress.onStandardError()) {
      Counter chunks = progress.bar("Compacted chunks", Unit.COUNT, 0);
      ControlAnswer answer =
          channel.ask(
              OPCODE,
              payload,
              (total, done) -> {
                chunks.total(total);
                chunks.set(done);
              });
      if (!answer.isDone()) {
        throw new CommandException("compact [" + inode + ":\"" + path + "\"]: " + answer.reason());
      }
    }
    log.info("compact [{}:\"{}\"] success.", inode, path);
  }
}
