package io.jfs.cli.command;

import static io.jfs.cli.bench.JobFile.atLeastOne;

import io.jfs.cli.Interruption;
import io.jfs.cli.admin.Quantities;
import io.jfs.cli.bench.FileBench;
import io.jfs.cli.bench.Measured;
import io.jfs.cli.bench.MountCosts;
import io.jfs.cli.option.GlobalOptions;
import io.jfs.cli.option.Option;
import io.jfs.cli.option.OptionGroup;
import io.jfs.cli.option.Options;
import io.jfs.cli.option.UsageException;
import io.jfs.cli.text.Table;
import io.jfs.cli.watch.Screen;
import io.jfs.meta.model.JsonText;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code jfs bench}: measures a directory, on a mount or elsewhere. Vfs-cli spec 3.8. */
final class BenchCommand implements Command {
  private static final Logger log = LoggerFactory.getLogger(BenchCommand.class);

  private static final Option<Long> BLOCK_SIZE =
      Option.size("block-size", 'M', "1M", "size of one read or write");

  private static final Option<Long> BIG_FILE_SIZE =
      Option.size("big-file-size", 'M', "1G", "size of each thread's big file, 0 for none");

  private static final Option<Long> SMALL_FILE_SIZE =
      Option.size("small-file-size", 'K', "128K", "size of a small file");

  private static final Option<Long> SMALL_FILE_COUNT =
      Option.number("small-file-count", "100", "small files of each thread, 0 for none");

  private static final Option<Long> THREADS = Option.number("threads p", "1", "threads at once");

  private static final Option<Boolean> JSON = Option.flag("json", "print the results as JSON");

  @Override
  public String name() {
    return "bench";
  }

  @Override
  public String summary() {
    return "Measure a directory with big and small files.";
  }

  @Override
  public List<String> arguments() {
    return List.of("PATH");
  }

  @Override
  public List<OptionGroup> options() {
    return List.of(
        OptionGroup.of(
            "BENCH", BLOCK_SIZE, BIG_FILE_SIZE, SMALL_FILE_SIZE, SMALL_FILE_COUNT, THREADS, JSON));
  }

  @Override
  public String explanation() {
    return """
        Writes and reads files in a directory of its own below PATH and removes it. On a mount of
        jfs or JuiceFS the table also tells what that has cost each layer. As root the kernel's
        caches are dropped before reading, as far as the system lets it; otherwise reads are
        answered from memory.

        Example:
          jfs bench /mnt/jfs --threads 4
        """;
  }

  @Override
  public int run(Invocation invocation) throws CommandException, UsageException {
    Options options = invocation.options();
    FileBench.Plan plan =
        new FileBench.Plan(
            atLeastOne("--block-size", options.get(BLOCK_SIZE)),
            options.get(BIG_FILE_SIZE),
            atLeastOne("--small-file-size", options.get(SMALL_FILE_SIZE)),
            Math.toIntExact(Math.max(0, options.get(SMALL_FILE_COUNT))),
            atLeastOne("--threads", options.get(THREADS)));
    Path path = Path.of(invocation.arguments().get(0));
    if (!Files.isDirectory(path)) {
      throw new CommandException(path + " is not a directory");
    }
    try {
      Path folder = path.resolve("__juicefs_benchmark_" + System.nanoTime() + "__");
      Files.createDirectory(folder);
      Interruption.Leftover leftover = Interruption.removes(() -> remove(folder));
      try {
        run(folder, plan, options, invocation.out());
      } finally {
        leftover.forget();
        remove(folder);
      }
      return 0;
    } catch (Exception e) {
      throw new CommandException(Causes.oneLine(e), e);
    }
  }

  private static void run(Path folder, FileBench.Plan plan, Options options, PrintStream out)
      throws Exception {
    MountCosts costs = MountCosts.begin(folder);
    long start = System.nanoTime();
    List<Measured> rows = new FileBench(folder, plan).run(BenchCommand::dropCaches);
    double seconds = (System.nanoTime() - start) / 1e9;
    if (options.get(JSON)) {
      out.println(JsonText.of(Map.of("results", rows.stream().map(Measured::json).toList()), "  "));
      return;
    }
    Screen screen = Screen.standard(!options.get(GlobalOptions.NO_COLOR));
    Table table = Measured.table(rows, screen);
    costs.addTo(table);
    out.println("Benchmark finished!");
    out.printf(
        Locale.ROOT,
        "BlockSize: %s, BigFileSize: %s, SmallFileSize: %s, SmallFileCount: %d, NumThreads: %d%n",
        Quantities.bytes(plan.blockBytes()),
        Quantities.bytes(plan.bigBytes()),
        Quantities.bytes(plan.smallBytes()),
        plan.smallFiles(),
        plan.threads());
    out.printf(Locale.ROOT, "Time used: %.1f s%n", seconds);
    out.print(table);
  }

  private static void dropCaches() {
    Path control = Path.of("/proc/sys/vm/drop_caches");
    try {
      Files.writeString(control, "3\n");
    } catch (IOException e) {
      log.warn("Reads may be answered from memory: cannot write {}", control);
    }
  }

  private static void remove(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(folder);
  }
}
