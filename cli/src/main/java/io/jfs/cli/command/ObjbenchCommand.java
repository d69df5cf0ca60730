package io.jfs.cli.command;

import static io.jfs.cli.bench.JobFile.atLeastOne;

import io.jfs.chunk.object.FileObjectStore.Durability;
import io.jfs.chunk.object.ObjectStore;
import io.jfs.chunk.object.StorageTiers;
import io.jfs.chunk.storage.ObjectStores;
import io.jfs.chunk.storage.StorageSpec;
import io.jfs.cli.DataStore;
import io.jfs.cli.admin.Quantities;
import io.jfs.cli.bench.JobFile;
import io.jfs.cli.bench.Measured;
import io.jfs.cli.bench.ObjectFunctions;
import io.jfs.cli.bench.ObjectMix;
import io.jfs.cli.bench.ObjectPerformance;
import io.jfs.cli.option.FormatOptions;
import io.jfs.cli.option.GlobalOptions;
import io.jfs.cli.option.ObjbenchOptions;
import io.jfs.cli.option.Option;
import io.jfs.cli.option.OptionGroup;
import io.jfs.cli.option.Options;
import io.jfs.cli.option.StorageOptions;
import io.jfs.cli.option.UsageException;
import io.jfs.cli.text.Table;
import io.jfs.cli.watch.Screen;
import io.jfs.meta.model.JsonText;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code jfs objbench}: tests and measures an object store by itself. Vfs-cli spec 3.8. */
final class ObjbenchCommand implements Command {
  @Override
  public String name() {
    return "objbench";
  }

  @Override
  public String summary() {
    return "Test and measure an object store.";
  }

  @Override
  public List<String> arguments() {
    return List.of("ENDPOINT");
  }

  @Override
  public List<OptionGroup> options() {
    return ObjbenchOptions.GROUPS;
  }

  @Override
  public String explanation() {
    return """
        Without -d: tests whether the store does what a volume needs, then measures each kind of
        request by itself. With -d: random reads and writes of a fixed set of objects for so long,
        with a histogram of latencies. Several ENDPOINTs are measured one after the other. Objects
        are made under a name of their own and removed at the end.

        A job file has one section for each timed run, with the options of the command line:
          [global]
          duration=30s
          [small writes]
          block-size=128K
          threads=16
          read-ratio=0

        Examples:
          jfs objbench --storage minio --threads 8 http://localhost:9000/bench
          jfs objbench -d 30s -t 16 -b 128K --read-ratio 0.7 /srv/disk/
        """;
  }

  @Override
  public int run(Invocation invocation) throws CommandException, UsageException {
    Options options = invocation.options();
    List<ObjectMix.Plan> mixes = mixes(options);
    ObjectPerformance.Plan plan = plan(options);
    List<Object> all = new ArrayList<>();
    for (String endpoint : invocation.arguments()) {
      PrintStream out = invocation.out();
      boolean json = options.get(ObjbenchOptions.JSON);
      try (ObjectStore store = open(endpoint, options)) {
        store.create();
        if (invocation.arguments().size() > 1 && !json) {
          out.println("== " + store.describe());
        }
        String prefix = "__jfs_benchmark_" + Long.toString(randomId(), 36) + "__/";
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("endpoint", store.describe());
        if (mixes.isEmpty()) {
          whole(store, prefix, options, plan, json ? null : out, result);
        } else {
          timed(store, prefix, mixes, screen(options), json ? null : out, result);
        }
        all.add(result);
        store.delete(prefix);
      } catch (CommandException | UsageException e) {
        throw e;
      } catch (Exception e) {
        throw new CommandException(endpoint + ": " + Causes.oneLine(e), e);
      }
    }
    if (options.get(ObjbenchOptions.JSON)) {
      invocation.out().println(JsonText.of(Map.of("endpoints", all), "  "));
    }
    return 0;
  }

  private static long randomId() {
    return new SecureRandom().nextLong() >>> 14;
  }

  private static List<ObjectMix.Plan> mixes(Options options) throws UsageException {
    if (options.has(ObjbenchOptions.JOB)) {
      return JobFile.read(Path.of(options.get(ObjbenchOptions.JOB)));
    }
    return options.has(ObjbenchOptions.DURATION)
        ? List.of(JobFile.plan("mixed", options))
        : List.of();
  }

  private static ObjectPerformance.Plan plan(Options options) throws UsageException {
    return new ObjectPerformance.Plan(
        atLeastOne("--block-size", options.get(ObjbenchOptions.BLOCK_SIZE)),
        options.get(ObjbenchOptions.BIG_OBJECT_SIZE),
        atLeastOne("--small-object-size", options.get(ObjbenchOptions.SMALL_OBJECT_SIZE)),
        atLeastOne("--small-objects", options.get(ObjbenchOptions.SMALL_OBJECTS)),
        atLeastOne("--threads", options.get(ObjbenchOptions.THREADS)));
  }

  private static ObjectStore open(String endpoint, Options options) throws CommandException {
    String storage = options.get(ObjbenchOptions.STORAGE);
    if (!ObjectStores.names().contains(storage.toLowerCase(Locale.ROOT))) {
      throw new CommandException("Invalid object storage: " + storage);
    }
    StorageSpec plain =
        StorageSpec.of(storage, DataStore.normalizedBucket(storage, endpoint))
            .withTiers(tiers(options.get(ObjbenchOptions.STORAGE_CLASS)))
            .withShards(Math.toIntExact(options.get(ObjbenchOptions.SHARDS)))
            .withCredentials(
                orEnvironment(options, FormatOptions.ACCESS_KEY, "ACCESS_KEY"),
                orEnvironment(options, FormatOptions.SECRET_KEY, "SECRET_KEY"),
                orEnvironment(options, FormatOptions.SESSION_TOKEN, "SESSION_TOKEN"))
            .withDurability(
                options.get(StorageOptions.DURABILITY).equals("disk")
                    ? Durability.FSYNC
                    : Durability.PAGE_CACHE);
    try {
      return ObjectStores.open(plain);
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandException("object storage: " + e.getMessage(), e);
    }
  }

  private static StorageTiers tiers(String storageClass) {
    return storageClass.isEmpty()
        ? StorageTiers.NONE
        : new StorageTiers(Map.of(0, new StorageTiers.Tier(storageClass, "")));
  }

  private static String orEnvironment(Options options, Option<String> option, String variable) {
    String given = options.get(option);
    String environment = System.getenv(variable);
    return given.isEmpty() && environment != null ? environment : given;
  }

  private static void whole(
      ObjectStore store,
      String prefix,
      Options options,
      ObjectPerformance.Plan plan,
      @Nullable PrintStream out,
      Map<String, Object> result)
      throws Exception {
    if (!options.get(ObjbenchOptions.SKIP_FUNCTIONAL_TESTS)) {
      say(out, "Start Functional Testing ...\n");
      Map<String, String> functions = new ObjectFunctions(store, prefix).run();
      say(out, ObjectFunctions.table(functions, screen(options)) + "\n");
      result.put("functions", functions);
    }
    say(out, "Start Performance Testing ...\n");
    List<Measured> rows = new ObjectPerformance(store, plan, prefix).run();
    Table table = Measured.table(rows, screen(options));
    say(
        out,
        String.format(
            Locale.ROOT,
            "Benchmark finished! block-size: %s, big-object-size: %s, small-object-size: %s,"
                + " small-objects: %d, NumThreads: %d%n",
            Quantities.bytes(plan.blockBytes()),
            Quantities.bytes(plan.bigBytes()),
            Quantities.bytes(plan.smallBytes()),
            plan.smallObjects(),
            plan.threads()));
    say(out, table.toString());
    result.put("performance", rows.stream().map(Measured::json).toList());
  }

  private static void timed(
      ObjectStore store,
      String prefix,
      List<ObjectMix.Plan> plans,
      Screen screen,
      @Nullable PrintStream out,
      Map<String, Object> result)
      throws Exception {
    List<Object> runs = new ArrayList<>();
    for (ObjectMix.Plan plan : plans) {
      ObjectMix.Outcome outcome = new ObjectMix(store, plan, prefix).run();
      runs.add(outcome.json());
      say(out, outcome.text(screen));
    }
    result.put("runs", runs);
  }

  private static Screen screen(Options options) {
    return Screen.standard(!options.get(GlobalOptions.NO_COLOR));
  }

  private static void say(@Nullable PrintStream out, String text) {
    if (out != null) {
      out.print(text);
    }
  }
}
