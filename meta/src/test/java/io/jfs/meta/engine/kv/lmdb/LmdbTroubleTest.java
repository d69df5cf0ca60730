package io.jfs.meta.engine.kv.lmdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jfs.meta.engine.Engines;
import io.jfs.meta.engine.MetaUrl;
import io.jfs.meta.engine.kv.KvWrite;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.CorruptRecordException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.record.Records;
import io.jfs.meta.txn.Commit;
import io.jfs.meta.txn.CommitOutcome.Status;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.EngineException;
import io.jfs.meta.txn.EngineException.Kind;
import io.jfs.meta.txn.Mutation;
import io.jfs.meta.txn.Page;
import io.jfs.meta.txn.Ref;
import io.jfs.meta.txn.Row;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Places that cannot be used, maps that must grow, disks that are full. */
class LmdbTroubleTest {
  @TempDir Path directory;

  private static Engine open(String url) {
    return Engines.open(url, Map.of());
  }

  private static EngineException refusal(String url) {
    EngineException e = catchThrowableOfType(EngineException.class, () -> open(url).close());
    assertThat(e).as(url).isNotNull();
    assertThat(e.getMessage()).doesNotContain("\n");
    return e;
  }

  private static void put(Engine engine, long ino) {
    Mutation put = new Mutation.Put<>(Records.ATTR, new Ino(ino), LmdbChild.attr(ino));
    assertThat(engine.commit(new Commit(Map.of(), List.of(put))).status())
        .isEqualTo(Status.COMMITTED);
  }

  private static int countInodes(Engine engine) {
    int count = 0;
    Object from = null;
    do {
      Page<Row<Ino, Attr>> page = engine.scan(Records.ATTR, from, 500);
      count += page.rows().size();
      from = page.next();
    } while (from != null);
    return count;
  }

  @Test
  void badAddresses() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "x");
    assertThat(refusal("lmdb://" + file)).hasMessageContaining("not a directory");
    assertThat(refusal("lmdb://")).hasMessageContaining("path");
    assertThat(refusal("lmdb://" + directory + "?durability=maybe")).hasMessageContaining("maybe");
    assertThat(refusal("lmdb://" + directory + "?map-size=big")).hasMessageContaining("big");
    assertThat(refusal("lmdb://" + directory + "?map-size=99999999T").kind()).isEqualTo(Kind.FATAL);
  }

  @Test
  void lookingLeavesNothingBehind() {
    Path place = directory.resolve("not/there");
    try (Engine engine = open("lmdb://" + place)) {
      Ref setting = new Ref.OfCell<>(Records.SETTING, Records.Volume.KEY);
      assertThat(engine.fetch(List.of(setting)).get(setting).value()).isNull();
      assertThat(countInodes(engine)).isZero();
      engine.sync();
      engine.destroy();
    }
    assertThat(directory.resolve("not")).doesNotExist();
  }

  @Test
  void somethingElseInTheFile() throws Exception {
    byte[] noise = new byte[100_000];
    new Random(1).nextBytes(noise);
    Files.write(directory.resolve("data.mdb"), noise);
    EngineException e = refusal("lmdb://" + directory);
    assertThat(e.kind()).isEqualTo(Kind.FATAL);
    assertThat(e).hasMessageContaining("not an LMDB database");
  }

  /** A cut file is reported, or what is left of it is read; it never takes the process down. */
  @Test
  void aTruncatedFile() throws Exception {
    try (Engine engine = open("lmdb://" + directory + "?durability=none")) {
      for (int i = 1; i < 3000; i++) {
        put(engine, i);
      }
    }
    try (RandomAccessFile file =
        new RandomAccessFile(directory.resolve("data.mdb").toFile(), "rw")) {
      file.setLength(file.length() / 2 + 1000);
    }
    EngineException e =
        catchThrowableOfType(
            EngineException.class,
            () -> {
              try (Engine engine = open("lmdb://" + directory)) {
                countInodes(engine);
              }
            });
    assertThat(e).isNotNull();
    assertThat(e.kind()).isEqualTo(Kind.FATAL);
    assertThat(e).hasMessageContaining("corrupt");
  }

  @Test
  void oneCorruptValueSpoilsOneRecord() {
    try (Engine engine = open("lmdb://" + directory + "?durability=none")) {
      put(engine, 3);
      Mutation odd = new Mutation.Put<>(Records.SYMLINK, new Ino(4), new byte[] {1, 2, 3});
      assertThat(engine.commit(new Commit(Map.of(), List.of(odd))).status())
          .isEqualTo(Status.COMMITTED);
      LmdbKv kv = LmdbKv.open(MetaUrl.parse("lmdb://" + directory + "?durability=none"));
      byte[] key = {'A', 9, 0, 0, 0, 0, 0, 0, 0, 'I'};
      kv.commit(List.of(), List.of(new KvWrite.Put(key, new byte[] {7})));
      kv.close();
      Ref bad = new Ref.OfCell<>(Records.ATTR, new Ino(9));
      CorruptRecordException e =
          catchThrowableOfType(CorruptRecordException.class, () -> engine.fetch(List.of(bad)));
      assertThat(e).hasMessageContaining("ATTR").hasMessageContaining("9");
      Ref good = new Ref.OfCell<>(Records.ATTR, new Ino(3));
      assertThat(engine.fetch(List.of(good)).get(good).value()).isEqualTo(LmdbChild.attr(3));
      put(engine, 9);
      assertThat(engine.fetch(List.of(bad)).get(bad).value()).isEqualTo(LmdbChild.attr(9));
    }
  }

  @Test
  void theMapGrowsUnderReadersAndWriters() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(4);
    AtomicBoolean stop = new AtomicBoolean();
    try (Engine engine = open("lmdb://" + directory + "?durability=none&map-size=64K")) {
      put(engine, 1);
      List<Future<?>> readers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        readers.add(pool.submit(() -> read(engine, stop)));
      }
      Future<?> one = pool.submit(() -> LmdbChild.fill(engine, 30_000_000));
      Future<?> two = pool.submit(() -> putMany(engine));
      one.get(60, TimeUnit.SECONDS);
      two.get(60, TimeUnit.SECONDS);
      stop.set(true);
      for (Future<?> reader : readers) {
        reader.get(10, TimeUnit.SECONDS);
      }
      assertThat(countInodes(engine)).isEqualTo(3000);
    } finally {
      pool.shutdownNow();
    }
    assertThat(Files.size(directory.resolve("data.mdb"))).isGreaterThan(30_000_000L);
  }

  private static void putMany(Engine engine) {
    for (int i = 1; i <= 3000; i++) {
      put(engine, i);
    }
  }

  private static void read(Engine engine, AtomicBoolean stop) {
    Ref ref = new Ref.OfCell<>(Records.ATTR, new Ino(1));
    while (!stop.get()) {
      assertThat(engine.fetch(List.of(ref)).get(ref).value()).isEqualTo(LmdbChild.attr(1));
    }
  }

  @Test
  void aFullDiskIsNoSpaceAndNothingIsTorn() throws Exception {
    Path small = Files.createDirectory(directory.resolve("small"));
    assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", small.toString()) == 0);
    try (Engine engine = open("lmdb://" + small + "/meta")) {
      put(engine, 1);
      EngineException e =
          catchThrowableOfType(EngineException.class, () -> LmdbChild.fill(engine, 100_000_000));
      assertThat(e.kind()).as(e.getMessage() + e.getCause()).isEqualTo(Kind.FULL);
      assertThat(countInodes(engine)).isEqualTo(1);
      Mutation clear = new Mutation.Clear<>(Records.XATTR, new Ino(7));
      for (int i = 0; i < 3; i++) {
        tryCommit(engine, clear);
      }
      assertThat(countInodes(engine)).isEqualTo(1);
    } finally {
      assertThat(run("umount", small.toString())).isZero();
    }
  }

  private static void tryCommit(Engine engine, Mutation mutation) {
    try {
      engine.commit(new Commit(Map.of(), List.of(mutation)));
    } catch (EngineException e) {
      assertThat(e.kind()).as(e.getMessage() + e.getCause()).isEqualTo(Kind.FULL);
    }
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
