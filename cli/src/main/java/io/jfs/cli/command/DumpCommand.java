package io.jfs.cli.command;

import io.jfs.cli.admin.DumpFile;
import io.jfs.cli.option.Option;
import io.jfs.cli.option.OptionGroup;
import io.jfs.cli.option.Options;
import io.jfs.cli.option.UsageException;
import io.jfs.cli.progress.Counter;
import io.jfs.cli.progress.Progress;
import io.jfs.cli.progress.Unit;
import io.jfs.meta.dump.BinaryDump;
import io.jfs.meta.dump.DumpOptions;
import io.jfs.meta.dump.JsonDump;
import io.jfs.meta.engine.Engines;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.txn.Engine;
import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code jfs dump}: writes a volume's metadata into a file that jfs and JuiceFS load. */
final class DumpCommand implements Command {
  private static final Logger log = LoggerFactory.getLogger(DumpCommand.class);
  private static final int BUFFER_CHARS = 1 << 16;

  private static final Option<String> SUBDIR =
      Option.text("subdir", "PATH", "", "only this directory of the volume; leaves the trash out");
  private static final Option<Boolean> KEEP_SECRET_KEY =
      Option.flag("keep-secret-key", "leave the object store's secrets in the dump");
  private static final Option<Boolean> BINARY =
      Option.flag("binary", "records as they are, smaller and faster; always the whole volume");
  private static final Option<Boolean> SKIP_TRASH =
      Option.flag("skip-trash", "leave the trash out");
  private static final Option<Boolean> FAST =
      Option.flag("fast", "accepted; dumps are always streamed, and as fast as they get");

  @Override
  public String name() {
    return "dump";
  }

  @Override
  public String summary() {
    return "Write a volume's metadata into a file.";
  }

  @Override
  public List<String> arguments() {
    return List.of("META-URL");
  }

  @Override
  public List<String> optionalArguments() {
    return List.of("FILE");
  }

  @Override
  public List<OptionGroup> options() {
    return List.of(
        OptionGroup.of("DUMP", SUBDIR, KEEP_SECRET_KEY, SKIP_TRASH, FAST, BINARY, Threads.OPTION));
  }

  @Override
  public String explanation() {
    return """
        Writes JSON, entries sorted by name, to FILE or to standard output. A FILE whose name ends in
        .gz or .zstd is compressed. jfs load and juicefs load make a volume of it in any metadata
        engine. With --binary the records are written as they are: counts, sums and unlinked files
        in use are kept, and nothing is counted anew; nobody should change the volume meanwhile.
        Needs little memory however large the volume is. The volume may be in use; what is
        changed meanwhile is in the dump or not, file by file.

        Examples:
          jfs dump redis://localhost/1 meta.json.gz
          jfs dump --subdir /projects lmdb:///srv/jfs/meta.lmdb projects.json
        """;
  }

  @Override
  public int run(Invocation invocation) throws CommandException, UsageException {
    Options options = invocation.options();
    List<String> arguments = invocation.arguments();
    boolean binary = options.get(BINARY);
    if (binary && (options.has(SUBDIR) || options.get(SKIP_TRASH))) {
      throw new UsageException("--binary has the whole volume, without --subdir and --skip-trash");
    }
    DumpOptions wanted =
        new DumpOptions(
            options.get(SUBDIR),
            options.get(KEEP_SECRET_KEY),
            options.get(SKIP_TRASH),
            Threads.of(options));
    try (Engine engine = Engines.open(arguments.get(0), System.getenv())) {
      log.info("Meta address: {}", engine.describe());
      try (Progress progress = Progress.onStandardError()) {
        Counter entries = progress.spinner("Dumped entries", Unit.COUNT);
        if (arguments.size() < 2) {
          write(engine, wanted, binary, entries, invocation.out());
        } else {
          Path file = Path.of(arguments.get(1));
          DumpFile.<FormatException>write(file, out -> write(engine, wanted, binary, entries, out));
        }
      }
    } catch (FormatException | IOException e) {
      throw new CommandException(Causes.oneLine(e), e);
    }
    log.info(
        "Dump metadata into \"{}\" succeed", arguments.size() < 2 ? "STDOUT" : arguments.get(1));
    return 0;
  }

  private static void write(
      Engine engine, DumpOptions wanted, boolean binary, Counter entries, OutputStream out)
      throws FormatException, IOException {
    if (binary) {
      BufferedOutputStream buffered = new BufferedOutputStream(out, BUFFER_CHARS);
      new BinaryDump(engine, wanted, entries::increment).write(buffered);
      buffered.flush();
    } else {
      new JsonDump(engine, wanted, entries::increment)
          .write(
              new BufferedWriter(
                  new OutputStreamWriter(out, StandardCharsets.UTF_8), BUFFER_CHARS));
    }
  }
}
