package io.jfs.cli.command;

import static io.jfs.cli.bench.JobFile.atLeastOne;

import io.jfs.cli.Interruption;
import io.jfs.cli.bench.LatencyText;
import io.jfs.cli.bench.MetaBench;
import io.jfs.cli.option.Option;
import io.jfs.cli.option.OptionGroup;
import io.jfs.cli.option.Options;
import io.jfs.cli.option.UsageException;
import io.jfs.cli.text.Table;
import io.jfs.meta.Meta;
import io.jfs.meta.MetaConfig;
import io.jfs.meta.SliceReaper;
import io.jfs.meta.TreeWork;
import io.jfs.meta.VolumeMeta;
import io.jfs.meta.engine.Engines;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.JsonText;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.NewInode;
import io.jfs.meta.session.SessionFacts;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code jfs metabench}: measures a volume's metadata engine by itself. */
final class MetabenchCommand implements Command {
  private static final Option<String> THREADS =
      Option.text(
          "threads p", "LIST", "1,4,16", "numbers of threads, measured one after the other");

  private static final Option<Long> FILES = Option.number("files", "200", "files of each thread");

  private static final Option<Boolean> JSON = Option.flag("json", "print the results as JSON");

  @Override
  public String name() {
    return "metabench";
  }

  @Override
  public String summary() {
    return "Measure a metadata engine.";
  }

  @Override
  public List<String> arguments() {
    return List.of("META-URL");
  }

  @Override
  public List<OptionGroup> options() {
    return List.of(OptionGroup.of("METABENCH", THREADS, FILES, JSON));
  }

  @Override
  public String explanation() {
    return """
        Runs a client's operations on a volume's engine, without mount and object store: operations
        per second, latencies, and the requests to the engine that each operation takes. Each
        thread works in a directory of its own, below a directory that is removed at the end;
        writes name slices that have no objects, and go with it.

        Example:
          jfs metabench redis://localhost/1 --threads 1,8,32 --files 1000
        """;
  }

  @Override
  public int run(Invocation invocation) throws CommandException, UsageException {
    Options options = invocation.options();
    List<Integer> counts = threads(options.get(THREADS));
    int files = atLeastOne("--files", options.get(FILES));
    PrintStream out = invocation.out();
    List<Object> results = new ArrayList<>();
    Interruption.awaitsSession();
    try (VolumeMeta meta = open(invocation.arguments().get(0))) {
      Name name = Name.of("__jfs_metabench_" + Long.toString(randomId(), 36));
      Ino top = meta.create(Caller.ROOT, Ino.ROOT, name, NewInode.directory(0755, 0)).ino();
      Interruption.Leftover session = Interruption.endsSessionOf(meta);
      Interruption.Leftover tree = Interruption.removes(() -> remove(meta, name));
      try {
        for (int threads : counts) {
          List<MetaBench.Row> rows = new MetaBench(meta, top, threads, files).run();
          results.add(json(threads, rows));
          if (!options.get(JSON)) {
            out.printf(Locale.ROOT, "Threads: %d, files: %d%n", threads, files);
            out.print(table(rows));
          }
        }
      } finally {
        tree.forget();
        session.forget();
        remove(meta, name);
      }
    } catch (UsageException e) {
      throw e;
    } catch (Exception e) {
      throw new CommandException(Causes.oneLine(e), e);
    }
    if (options.get(JSON)) {
      out.println(JsonText.of(Map.of("runs", results), "  "));
    }
    return 0;
  }

  private static void remove(VolumeMeta meta, Name name) throws FsException {
    if (meta.lookup(Caller.ROOT, Ino.ROOT, name) != null) {
      long unused =
          meta.removeTree(Caller.ROOT, Ino.ROOT, name, Meta.Disposal.FOR_GOOD, TreeWork.QUIET);
    }
  }

  private static List<Integer> threads(String list) throws UsageException {
    List<Integer> counts = new ArrayList<>();
    for (String word : list.split(",")) {
      try {
        counts.add(atLeastOne("--threads", Long.parseLong(word.strip())));
      } catch (NumberFormatException e) {
        throw new UsageException("--threads: \"" + word + "\" is not a number");
      }
    }
    return counts;
  }

  private static long randomId() {
    return new SecureRandom().nextLong() >>> 14;
  }

  private static VolumeMeta open(String url) throws FormatException {
    return VolumeMeta.open(
        Engines.open(url, System.getenv()),
        MetaConfig.DEFAULT.withBackgroundJobs(false),
        SessionFacts.ofThisProcess("metabench", Clock.systemUTC().instant()),
        SliceReaper.NONE);
  }

  private static String table(List<MetaBench.Row> rows) {
    Table table =
        Table.withNames("OPERATION", "OPS/S", "AVG", "p50", "p95", "p99", "MAX", "ROUND TRIPS");
    for (MetaBench.Row row : rows) {
      table.row(
          row.operation(),
          String.format(Locale.ROOT, "%.1f", row.result().perSecond()),
          LatencyText.time(row.result().averageNanos()),
          LatencyText.time(row.result().latencies().percentileNanos(50)),
          LatencyText.time(row.result().latencies().percentileNanos(95)),
          LatencyText.time(row.result().latencies().percentileNanos(99)),
          LatencyText.time(row.result().latencies().greatestNanos()),
          String.format(Locale.ROOT, "%.2f", row.roundTrips()));
    }
    return table.toString();
  }

  private static Map<String, Object> json(int threads, List<MetaBench.Row> rows) {
    List<Object> operations = new ArrayList<>();
    for (MetaBench.Row row : rows) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("operation", row.operation());
      json.put("operations", row.result().operations());
      json.put("perSecond", Math.round(row.result().perSecond() * 10) / 10.0);
      json.put("roundTrips", Math.round(row.roundTrips() * 100) / 100.0);
      json.put("latencyMillis", LatencyText.json(row.result().latencies()));
      operations.add(json);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("threads", (long) threads);
    json.put("operations", operations);
    return json;
  }
}
