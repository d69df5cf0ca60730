package io.jfs.meta.engine.kv.lmdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.engine.Engines;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.record.Records;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.Observed;
import io.jfs.meta.txn.Page;
import io.jfs.meta.txn.Ref;
import io.jfs.meta.txn.Row;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes on one database, some of which are killed. */
class LmdbProcessesTest {
  @TempDir Path directory;

  private String url(String durability) {
    return "lmdb://" + directory + "?map-size=1M&durability=" + durability;
  }

  private static Object value(Engine engine, Ref ref) {
    return engine.fetch(List.of(ref)).get(ref).value();
  }

  @Test
  void twoProcessesAndThisOneIncrement() throws Exception {
    try (Engine engine = Engines.open(url("none"), Map.of())) {
      Process one = LmdbChild.start(url("none"), "increment", "2000");
      Process two = LmdbChild.start(url("none"), "increment", "2000");
      for (int i = 0; i < 2000; i++) {
        LmdbChild.increment(engine);
      }
      assertThat(one.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(two.waitFor(60, TimeUnit.SECONDS)).isTrue();
      Attr counter = (Attr) value(engine, new Ref.OfCell<>(Records.ATTR, LmdbChild.COUNTER));
      assertThat(counter.lengthBytes()).isEqualTo(6000);
    }
  }

  @Test
  void anotherProcessGrowsTheMap() throws Exception {
    try (Engine engine = Engines.open(url("none"), Map.of())) {
      LmdbChild.increment(engine);
      Process child = LmdbChild.start(url("none"), "fill", "20000000");
      assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(child.exitValue()).isZero();
      for (int i = 0; i < 20_000_000 / 60_000; i += 50) {
        Ref ref = new Ref.OfField<>(Records.XATTR, new Ino(7 + i), Name.of("user.fill"));
        assertThat((byte[]) value(engine, ref)).hasSize(60_000);
      }
      LmdbChild.increment(engine);
    }
  }

  @Test
  void everyAcknowledgedCommitSurvivesKill() throws Exception {
    Random random = new Random();
    Set<Long> acknowledged = new HashSet<>();
    for (int round = 0; round < 6; round++) {
      String durability = List.of("checkpoint", "fsync", "none").get(round % 3);
      Process child = LmdbChild.start(url(durability), "write", round + "000000");
      try (BufferedReader out =
          new BufferedReader(
              new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
        String line = out.readLine();
        assertThat(line).isNotNull();
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(400));
        while (line != null) {
          acknowledged.add(Long.parseLong(line));
          if (System.nanoTime() > deadline && child.isAlive()) {
            child.toHandle().destroyForcibly();
          }
          line = out.readLine();
        }
      }
      assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(child.exitValue()).isEqualTo(128 + 9);
      check(durability, acknowledged);
    }
    assertThat(acknowledged.size()).isGreaterThan(20);
  }

  private void check(String durability, Set<Long> acknowledged) {
    try (Engine engine = Engines.open(url(durability), Map.of())) {
      Set<Long> found = new HashSet<>();
      Object from = null;
      do {
        Page<Row<Ino, Attr>> page = engine.scan(Records.ATTR, from, 1000);
        page.rows().stream()
            .filter(row -> !row.key().equals(LmdbChild.COUNTER))
            .forEach(row -> found.add(row.value().lengthBytes()));
        from = page.next();
      } while (from != null);
      assertThat(found).containsAll(acknowledged);
      for (long number : found) {
        Map<Ref, Observed> chain =
            engine.fetch(List.of(new Ref.OfAttrBehind(Ino.ROOT, Name.of("f" + number))));
        assertThat(chain).as("entry and inode of %s", number).hasSize(2);
      }
      LmdbChild.increment(engine);
    }
  }
}
