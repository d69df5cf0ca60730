package io.jfs.meta.engine.kv.lmdb;

import io.jfs.meta.engine.Engines;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.record.Records;
import io.jfs.meta.txn.Commit;
import io.jfs.meta.txn.CommitOutcome.Status;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.Mutation;
import io.jfs.meta.txn.Observed;
import io.jfs.meta.txn.Ref;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A second process on the same database: started by tests, killed by some of them. */
public final class LmdbChild {
  static final Ino COUNTER = new Ino(5);

  private LmdbChild() {}

  /** Starts this class in a JVM of its own. */
  static Process start(String... args) throws Exception {
    return startClass(LmdbChild.class, args);
  }

  /** Starts a class's main in a JVM of its own. */
  static Process startClass(Class<?> main, String... args) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(Arrays.asList(args));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** {@code URL increment N}, {@code URL fill BYTES}, or {@code URL write FIRST} until killed. */
  public static void main(String[] args) throws Exception {
    try (Engine engine = Engines.open(args[0], Map.of())) {
      long number = Long.parseLong(args[2]);
      switch (args[1]) {
        case "increment" -> {
          for (long i = 0; i < number; i++) {
            increment(engine);
          }
        }
        case "fill" -> fill(engine, number);
        case "write" -> writeUntilKilled(engine, number);
        default -> throw new IllegalArgumentException(args[1]);
      }
    }
  }

  static Attr attr(long length) {
    Timestamp t = new Timestamp(1_800_000_000L, 1);
    return new Attr(FileType.REGULAR, 0, 0644, 1, 2, t, t, t, 1, length, 0, Ino.ROOT, 0, 0, 0);
  }

  static void increment(Engine engine) {
    Ref ref = new Ref.OfCell<>(Records.ATTR, COUNTER);
    Status status;
    do {
      Map<Ref, Observed> seen = engine.fetch(List.of(ref));
      long now = seen.get(ref).value() instanceof Attr attr ? attr.lengthBytes() : 0;
      Mutation put = new Mutation.Put<>(Records.ATTR, COUNTER, attr(now + 1));
      status = engine.commit(new Commit(seen, List.of(put))).status();
    } while (status == Status.CONFLICT);
  }

  static void fill(Engine engine, long bytes) {
    byte[] value = new byte[60_000];
    for (long i = 0; i * value.length < bytes; i++) {
      Mutation put =
          new Mutation.PutField<>(Records.XATTR, new Ino(7 + i), Name.of("user.fill"), value);
      engine.commit(new Commit(Map.of(), List.of(put)));
    }
  }

  /**
   * Four threads; each commit makes an entry and its inode; its number is printed once it is
   * acknowledged.
   */
  private static void writeUntilKilled(Engine engine, long first) throws Exception {
    PrintStream acknowledged = System.out;
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      int thread = t;
      Thread writer =
          new Thread(
              () -> {
                for (long i = first + thread; ; i += 4) {
                  Ino ino = new Ino(1_000_000 + i);
                  engine.commit(
                      new Commit(
                          Map.of(),
                          List.of(
                              new Mutation.PutField<>(
                                  Records.DENTRY,
                                  Ino.ROOT,
                                  Name.of("f" + i),
                                  new Dentry(FileType.REGULAR, ino)),
                              new Mutation.Put<>(Records.ATTR, ino, attr(i)))));
                  acknowledged.println(i);
                  acknowledged.flush();
                }
              });
      writer.start();
      threads.add(writer);
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
