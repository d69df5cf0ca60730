package io.jfs.cli.command;

import io.jfs.chunk.encrypt.Encryption;
import io.jfs.chunk.encrypt.PrivateKeyFile;
import io.jfs.cli.admin.DumpFile;
import io.jfs.cli.option.FormatOptions;
import io.jfs.cli.option.Option;
import io.jfs.cli.option.OptionGroup;
import io.jfs.cli.option.Options;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code jfs load}: makes a volume of a dump of jfs or JuiceFS, in an empty metadata engine. */
final class LoadCommand implements Command {
  private static final Logger log = LoggerFactory.getLogger(LoadCommand.class);

  private static final long ALL_OFFSETS = -1;

  private static final Option<Boolean> BINARY =
      Option.flag("binary", "the dump was written with --binary");
  private static final Option<Boolean> STAT =
      Option.flag("stat", "with --binary and only a FILE: show what is in it, and load nothing");
  private static final Option<Long> OFFSET =
      Option.number(
          "offset",
          "0",
          "with --stat: -1 shows where segments begin, else the one that begins there");

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
    return List.of(
        OptionGroup.of(
            "LOAD",
            BINARY,
            STAT,
            OFFSET,
            FormatOptions.ENCRYPT_RSA_KEY.described("FILE is encrypted; file with the private key"),
            FormatOptions.ENCRYPT_ALGO,
            Threads.OPTION));
  }

  @Override
  public String explanation() {
    return """
        Reads what jfs dump or juicefs dump wrote, from FILE or standard input. A FILE whose name ends
        in .gz or .zstd is decompressed. The database must be empty. It becomes a volume at the very
        end: a load that fails leaves it empty, one that is interrupted is started over by the next.
        Binary dumps (--binary) are loaded as they are; of JSON, counts and sums are made anew.
        Secrets that the dump leaves out are set again with jfs config. A backup that was copied out
        of the bucket of an encrypted volume is encrypted: give the volume's key, and its passphrase
        in JFS_RSA_PASSPHRASE.

        Examples:
          jfs load etcd://localhost/volume meta.json.gz
          jfs load --binary --stat meta.bin
          jfs load --encrypt-rsa-key key.pem redis://localhost/2 dump-2026-01-02-150405.json.gz
        """;
  }

  @Override
  public int run(Invocation invocation) throws CommandException, UsageException {
    List<String> arguments = invocation.arguments();
    boolean binary = invocation.options().get(BINARY);
    Encryption encryption = encryption(invocation.options());
    if (invocation.options().get(STAT)) {
      showStatistics(invocation, binary, encryption);
      return 0;
    }
    if (arguments.size() < 2 && encryption != null) {
      throw new UsageException("--encrypt-rsa-key needs a FILE");
    }
    String source = arguments.size() < 2 ? "STDIN" : arguments.get(1);
    int threads = Threads.of(invocation.options());
    try (InputStream in =
            arguments.size() < 2 ? System.in : DumpFile.read(Path.of(source), encryption);
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

  private static @Nullable Encryption encryption(Options options)
      throws CommandException, UsageException {
    String file = options.get(FormatOptions.ENCRYPT_RSA_KEY);
    if (file.isEmpty()) {
      return null;
    }
    try {
      String key = Files.readString(Path.of(file));
      return Encryption.of(
          options.get(FormatOptions.ENCRYPT_ALGO),
          PrivateKeyFile.parse(key, System.getenv("JFS_RSA_PASSPHRASE")));
    } catch (IOException e) {
      throw new CommandException("--encrypt-rsa-key: " + Causes.oneLine(e), e);
    }
  }

  private static void showStatistics(
      Invocation invocation, boolean binary, @Nullable Encryption encryption)
      throws CommandException, UsageException {
    List<String> arguments = invocation.arguments();
    Options options = invocation.options();
    if (!binary) {
      throw new UsageException("--stat needs --binary");
    }
    try (InputStream in = DumpFile.read(Path.of(arguments.get(arguments.size() - 1)), encryption)) {
      BinarySummary summary = BinarySummary.read(new BufferedInputStream(in));
      if (options.has(OFFSET) && options.get(OFFSET) != ALL_OFFSETS) {
        showSegment(summary, options.get(OFFSET), invocation.out());
      } else {
        showRows(summary, options.has(OFFSET), invocation.out());
      }
    } catch (FormatException | IOException e) {
      throw new CommandException(Causes.oneLine(e), e);
    }
  }

  private static void showRows(BinarySummary summary, boolean withOffsets, PrintStream out) {
    String line = "-".repeat(withOffsets ? 34 : 23);
    out.println("Backup Version: " + summary.version());
    out.println(line);
    out.printf("%-9s | %-10s%s%n", "Name", "Num", withOffsets ? "| Offset" : "");
    out.println(line);
    summary
        .rows()
        .forEach(
            (name, rows) ->
                out.printf(
                    "%-9s | %-10d|%s%n", name, rows, withOffsets ? offsets(summary, name) : ""));
    out.println(line);
  }

  private static String offsets(BinarySummary summary, String name) {
    return summary.segments().stream()
        .filter(segment -> segment.name().equals(name))
        .map(segment -> Long.toString(segment.offset()))
        .collect(Collectors.joining(" ", " [", "]"));
  }

  private static void showSegment(BinarySummary summary, long offset, PrintStream out)
      throws FormatException {
    BinarySummary.SegmentPlace segment =
        summary.segments().stream()
            .filter(place -> place.offset() == offset)
            .findFirst()
            .orElseThrow(
                () ->
                    new FormatException(
                        "no segment begins at " + offset + "; --offset -1 shows where they do"));
    out.println("Segment: " + segment.name());
    out.println("Offset: " + segment.offset());
    out.println("Bytes: " + segment.lengthBytes());
  }
}
