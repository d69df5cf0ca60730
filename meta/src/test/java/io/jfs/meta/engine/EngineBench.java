package io.jfs.meta.engine;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Records.Volume;
import io.jfs.meta.txn.Commit;
import io.jfs.meta.txn.CommitOutcome.Status;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.Mutation;
import io.jfs.meta.txn.Observed;
import io.jfs.meta.txn.Ref;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What an engine's fetch and commit cost, without the layers above: {@code EngineBench URL THREADS
 * SECONDS}. A commit is what a file creation sends; each thread has its own directory.
 */
public final class EngineBench {
  private static final Timestamp T = new Timestamp(1_800_000_000L, 0);

  private EngineBench() {}

  private static Attr attr(FileType type, long length) {
    return new Attr(type, 0, 0755, 0, 0, T, T, T, 1, length, 0, Ino.ROOT, 0, 0, 0);
  }

  /** Runs and prints one line per phase. */
  public static void main(String[] args) throws Exception {
    int threads = Integer.parseInt(args[1]);
    double seconds = Double.parseDouble(args[2]);
    try (Engine engine = Engines.open(args[0], Map.of())) {
      for (int thread = 0; thread < threads; thread++) {
        Mutation directory =
            new Mutation.Put<>(Records.ATTR, new Ino(2 + thread), attr(FileType.DIRECTORY, 4096));
        engine.commit(new Commit(Map.of(), List.of(directory)));
      }
      phase("warm", threads, Math.min(seconds, 2), (thread, i) -> create(engine, thread, i));
      phase("create", threads, seconds, (thread, i) -> create(engine, thread, 100_000_000 + i));
      phase("fetch3", threads, Math.min(seconds, 2), (thread, i) -> fetch(engine, thread, i));
      phase("fetch3", threads, seconds, (thread, i) -> fetch(engine, thread, i));
    }
  }

  private interface Operation {
    void run(int thread, long i);
  }

  private static void fetch(Engine engine, int thread, long i) {
    Ino directory = new Ino(2 + thread);
    Name name = Name.of("file-" + i % 1000);
    engine.fetch(
        List.of(new Ref.OfCell<>(Records.ATTR, directory), new Ref.OfAttrBehind(directory, name)));
  }

  private static void create(Engine engine, int thread, long i) {
    Ino directory = new Ino(2 + thread);
    Name name = Name.of("file-" + i);
    Ino ino = new Ino(1000 + i * 64 + thread);
    Map<Ref, Observed> seen =
        engine.fetch(
            List.of(
                new Ref.OfCell<>(Records.ATTR, directory), new Ref.OfAttrBehind(directory, name)));
    Status status =
        engine
            .commit(
                new Commit(
                    seen,
                    List.of(
                        new Mutation.Put<>(Records.ATTR, ino, attr(FileType.REGULAR, 0)),
                        new Mutation.PutField<>(
                            Records.DENTRY, directory, name, new Dentry(FileType.REGULAR, ino)),
                        new Mutation.Put<>(Records.ATTR, directory, attr(FileType.DIRECTORY, i)),
                        new Mutation.Add<>(Records.USED_SPACE, Volume.KEY, new long[] {4096}),
                        new Mutation.Add<>(Records.USED_INODES, Volume.KEY, new long[] {1}))))
            .status();
    if (status != Status.COMMITTED) {
      throw new IllegalStateException(status.toString());
    }
  }

  private static void phase(String name, int threads, double seconds, Operation operation)
      throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    List<Future<long[]>> futures = new ArrayList<>();
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    for (int t = 0; t < threads; t++) {
      int thread = t;
      futures.add(pool.submit(() -> loop(thread, end, operation)));
    }
    long[] all = new long[0];
    for (Future<long[]> future : futures) {
      long[] some = future.get();
      int at = all.length;
      all = Arrays.copyOf(all, at + some.length);
      System.arraycopy(some, 0, all, at, some.length);
    }
    double took = (System.nanoTime() - start) / 1e9;
    pool.shutdown();
    Arrays.sort(all);
    System.out.printf(
        "%-8s %d threads: %8.0f/s  p50 %6.1f us  p99 %7.1f us%n",
        name,
        threads,
        all.length / took,
        all[all.length / 2] / 1e3,
        all[(int) (all.length * 0.99)] / 1e3);
  }

  private static long[] loop(int thread, long end, Operation operation) {
    long[] nanos = new long[1024];
    int count = 0;
    long before = System.nanoTime();
    while (before < end) {
      operation.run(thread, count);
      long after = System.nanoTime();
      if (count == nanos.length) {
        nanos = Arrays.copyOf(nanos, count * 2);
      }
      nanos[count++] = after - before;
      before = after;
    }
    return Arrays.copyOf(nanos, count);
  }
}
