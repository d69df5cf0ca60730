package io.jfs.cli.command;

import io.jfs.cli.admin.DumpFile;
import io.jfs.cli.option.Option;
import io.jfs.cli.option.OptionGroup;
import io.jfs.cli.option.UsageException;
import io.jfs.cli.progress.Counter;
import io.jfs.cli.progress.Progress;
import io.jfs.cli.progress.Unit;
import io.jfs.meta.dump.BinaryLoad;
import io.jfs.meta.dump.BinarySummary;
import io.jfs.meta.dump.JsonLoad;
import io.jfs.meta.engine.Engines;
import io.jfs.meta.model.Format;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.model.FormatJson;
import io.jfs.meta.txn.Engine;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code jfs load}: makes a volume of a dump of jfs or JuiceFS, in an empty metadata engine. */
final class LoadCommand implements Command {
  private static final Logger log = LoggerFactory.getLogger(LoadCommand.class);

  private static final Option<Boolean> BINARY =
      Option.flag("binary", "the dump was written with --binary");
  private static final Option<Boolean> STAT =
      Option.flag("stat", "with --binary and only a FILE: show what is in it, and load nothing");

  @Override
  public String name() {
    return "load";
  }

  @Override
  public String summary() {
    return "Load a volume's metadata from a file.";
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
    return List.of(OptionGroup.of("LOAD", BINARY, STAT, Threads.OPTION));
  }

  @Override
  public String explanation() {
    return """
        Reads what jfs dump or juicefs dump wrote, from FILE or standard input. A FILE whose name ends
        in .gz or .zstd is decompressed. The database must be empty. It becomes a volume at the very
        end: a load that fails leaves it empty, one that is interrupted is started over by the next.
        Binary dumps (--binary) are loaded as they are; of JSON, counts and sums are made anew.
        Secrets that the dump leaves out are set again with jfs config.

        Examples:
          jfs load etcd://localhost/volume meta.json.gz
          jfs load --binary --stat meta.bin
        """;
  }

  @Override
  public int run(Invocation invocation) throws CommandException, UsageException {
    List<String> arguments = invocation.arguments();
    boolean binary = invocation.options().get(BINARY);
    if (invocation.options().get(STAT)) {
      showStatistics(arguments, binary, invocation.out());
      return 0;
    }
    String source = arguments.size() < 2 ? "STDIN" : arguments.get(1);
    int threads = Threads.of(invocation.options());
    try (InputStream in = arguments.size() < 2 ? System.in : DumpFile.read(Path.of(source));
        Engine engine = Engines.open(arguments.get(0), System.getenv())) {
      log.info("Meta address: {}", engine.describe());
      Format loaded;
      try (Progress progress = Progress.onStandardError()) {
        Counter entries = progress.spinner("Loaded entries", Unit.COUNT);
        loaded =
            binary
                ? new BinaryLoad(engine, threads, entries::increment)
                    .load(new BufferedInputStream(in))
                : new JsonLoad(engine, threads, entries::increment).load(in);
      }
      if (List.of("SecretKey", "SessionToken", "EncryptKey").stream()
          .anyMatch(member -> loaded.text(member).equals(FormatJson.REMOVED))) {
        log.warn("Secrets were removed from the dump; please set them again with `jfs config`");
      }
    } catch (FormatException | IOException e) {
      throw new CommandException(Causes.oneLine(e), e);
    }
    log.info("Load metadata from \"{}\" succeed", source);
    return 0;
  }

  private static void showStatistics(List<String> arguments, boolean binary, PrintStream out)
      throws CommandException, UsageException {
    if (!binary) {
      throw new UsageException("--stat needs --binary");
    }
    String line = "-".repeat(23);
    try (InputStream in = DumpFile.read(Path.of(arguments.get(arguments.size() - 1)))) {
      BinarySummary summary = BinarySummary.read(new BufferedInputStream(in));
      out.println("Backup Version: " + summary.version());
      out.println(line);
      out.printf("%-9s | %-10s%n", "Name", "Num");
      out.println(line);
      summary.rows().forEach((name, rows) -> out.printf("%-9s | %-10d|%n", name, rows));
      out.println(line);
    } catch (FormatException | IOException e) {
      throw new CommandException(Causes.oneLine(e), e);
    }
  }
}
