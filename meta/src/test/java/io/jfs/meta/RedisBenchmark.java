package io.jfs.meta;

import io.jfs.meta.admin.VolumeAdmin;
import io.jfs.meta.engine.Engines;
import io.jfs.meta.engine.redis.RedisServer;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Records.Volume;
import io.jfs.meta.txn.Commit;
import io.jfs.meta.txn.CommitOutcome;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.Mutation;
import io.jfs.meta.txn.Observed;
import io.jfs.meta.txn.Ref;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** What creating costs on Redis; run by hand: arguments are seconds per row. */
public final class RedisBenchmark {
  private static final Ino BUSY = new Ino(1L << 41);

  private final Engine engine;
  private final TestClient client;
  private final long nanos;
  private final AtomicLong names = new AtomicLong();

  private RedisBenchmark(Engine engine, double seconds) throws Exception {
    this.engine = engine;
    this.nanos = (long) (seconds * 1e9);
    new VolumeAdmin(engine).create(VolumeAdmin.defaults("bench"));
    client = new TestClient(engine, 1, InstantSource.system());
    Attr attr = client.attr(Ino.ROOT);
    engine.commit(new Commit(Map.of(), List.of(new Mutation.Put<>(Records.ATTR, BUSY, attr))));
  }

  public static void main(String[] args) throws Exception {
    double seconds = args.length > 0 ? Double.parseDouble(args[0]) : 3;
    try (RedisServer server = RedisServer.start();
        Engine engine = Engines.open(server.url(0), Map.of())) {
      RedisBenchmark benchmark = new RedisBenchmark(engine, seconds);
      for (int round = 0; round < 2; round++) {
        for (int threads : new int[] {1, 16}) {
          benchmark.row("ping (GET)", threads, benchmark::get);
          benchmark.row("engine: commit on known values", threads, benchmark::commitKnown);
          benchmark.row("engine: fetch + commit", threads, benchmark::fetchAndCommit);
          Ino shared = client(benchmark).mkdir(Ino.ROOT, "shared" + round + "-" + threads);
          benchmark.row("create, one directory", threads, t -> benchmark.create(shared));
          Ino[] own = new Ino[threads];
          for (int i = 0; i < threads; i++) {
            own[i] = client(benchmark).mkdir(Ino.ROOT, "own" + round + "-" + threads + "-" + i);
          }
          benchmark.row("create, own directories", threads, t -> benchmark.create(own[t]));
          benchmark.row("lookup + create, own directories", threads, t -> benchmark.look(own[t]));
        }
      }
      System.out.println(
          server.cli("info", "commandstats").replaceAll("(?m)^cmdstat_(?!eval|get|hget).*\\R", ""));
    }
  }

  private static TestClient client(RedisBenchmark benchmark) {
    return benchmark.client;
  }

  private interface Step {
    void run(int thread) throws Exception;
  }

  private void row(String what, int threads, Step step) throws Exception {
    AtomicLong done = new AtomicLong();
    CountDownLatch ready = new CountDownLatch(threads);
    Thread[] workers = new Thread[threads];
    client.effects.clear();
    long trips = client.metrics.roundTrips.sum();
    long retries = client.metrics.retries.sum();
    for (int i = 0; i < threads; i++) {
      int thread = i;
      workers[i] =
          new Thread(
              () -> {
                try {
                  ready.countDown();
                  ready.await();
                  long end = System.nanoTime() + nanos;
                  while (System.nanoTime() < end) {
                    step.run(thread);
                    done.incrementAndGet();
                  }
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
      workers[i].start();
    }
    for (Thread worker : workers) {
      worker.join();
    }
    client.effects.clear();
    System.out.printf(
        "%-34s %2d threads %8.0f/s  %.2f trips  %.3f retries%n",
        what,
        threads,
        done.get() / (nanos / 1e9),
        (client.metrics.roundTrips.sum() - trips) / (double) done.get(),
        (client.metrics.retries.sum() - retries) / (double) done.get());
  }

  private void get(int thread) {
    Ref root = new Ref.OfCell<>(Records.ATTR, Ino.ROOT);
    engine.fetch(List.of(root));
  }

  private void commitKnown(int thread) {
    Ref root = new Ref.OfCell<>(Records.ATTR, BUSY);
    Name name = Name.of("n" + names.incrementAndGet());
    commit(
        name,
        known.computeIfAbsent(thread, t -> engine.fetch(List.of(root)).get(root)),
        new Observed(null, null));
  }

  private final Map<Integer, Observed> known = new ConcurrentHashMap<>();

  private void fetchAndCommit(int thread) {
    Name name = Name.of("n" + names.incrementAndGet());
    Ref root = new Ref.OfCell<>(Records.ATTR, BUSY);
    Ref dentry = new Ref.OfField<>(Records.DENTRY, BUSY, name);
    Map<Ref, Observed> seen = engine.fetch(List.of(root, dentry));
    commit(name, seen.get(root), seen.get(dentry));
  }

  private void commit(Name name, Observed root, Observed absent) {
    long number = (1L << 40) + names.incrementAndGet();
    Ref rootRef = new Ref.OfCell<>(Records.ATTR, BUSY);
    Ref dentryRef = new Ref.OfField<>(Records.DENTRY, BUSY, name);
    Attr attr = (Attr) root.value();
    Map<Ref, Observed> observed =
        absent.version() == null ? Map.of(rootRef, root) : Map.of(rootRef, root, dentryRef, absent);
    Commit commit =
        new Commit(
            observed,
            List.of(
                new Mutation.PutField<>(
                    Records.DENTRY, BUSY, name, new Dentry(FileType.REGULAR, new Ino(number))),
                new Mutation.Put<>(Records.ATTR, new Ino(number), attr),
                new Mutation.Put<>(Records.ATTR, BUSY, attr),
                new Mutation.Add<>(Records.USED_SPACE, Volume.KEY, new long[] {4096}),
                new Mutation.Add<>(Records.USED_INODES, Volume.KEY, new long[] {1})));
    if (engine.commit(commit).status() != CommitOutcome.Status.COMMITTED) {
      throw new IllegalStateException("conflict");
    }
  }

  private void create(Ino directory) throws Exception {
    client.mkfile(directory, "f" + names.incrementAndGet());
  }

  private void look(Ino directory) throws Exception {
    String name = "g" + names.incrementAndGet();
    client.find(directory, name);
    client.mkfile(directory, name);
  }
}
