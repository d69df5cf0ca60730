package io.jfs.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.chunk.object.MemoryObjectStore;
import io.jfs.chunk.object.ObjectInfo;
import io.jfs.chunk.object.ObjectStore;
import io.jfs.meta.admin.VolumeAdmin;
import io.jfs.meta.dump.JsonLoad;
import io.jfs.meta.engine.kv.KvEngine;
import io.jfs.meta.txn.Engine;
import io.jfs.vfs.stats.Histogram;
import io.jfs.vfs.stats.Metric;
import io.jfs.vfs.stats.StatsSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class MetaBackupTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private Instant now = Instant.parse("2026-11-21T20:23:13Z");

  private MetaBackup backup(Engine engine, ObjectStore store) {
    return new MetaBackup(engine, store, HOUR, false, () -> now);
  }

  private static List<String> names(ObjectStore store) throws IOException {
    return store.list("meta/", "", 1000).stream().map(ObjectInfo::key).toList();
  }

  private static double lastBackup(MetaBackup backup) {
    Map<String, Double> values = new HashMap<>();
    backup.collect(
        new StatsSource.Sink() {
          @Override
          public void value(Metric metric, double value, String... labels) {
            values.put(metric.name(), value);
          }

          @Override
          public void histogram(Metric metric, Histogram.Observed observed, String... labels) {
            throw new AssertionError(metric);
          }
        });
    return values.getOrDefault("last_successful_backup", -1.0);
  }

  @Test
  void oneOfAllClientsMakesOnePerInterval() throws Exception {
    try (Engine engine = KvEngine.inMemory();
        ObjectStore store = new MemoryObjectStore(Clock.systemUTC());
        MetaBackup one = backup(engine, store);
        MetaBackup another = backup(engine, store)) {
      Object unused = new VolumeAdmin(engine).create(VolumeAdmin.defaults("vol"));
      assertThat(lastBackup(one)).isZero();
      assertThat(one.runIfDue()).isTrue();
      assertThat(lastBackup(one)).isEqualTo(now.getEpochSecond());
      assertThat(another.runIfDue()).isFalse();
      assertThat(lastBackup(another)).isZero();
      now = now.plus(HOUR.minusSeconds(1));
      assertThat(one.runIfDue()).isFalse();
      now = now.plusSeconds(1);
      assertThat(another.runIfDue()).isTrue();
      assertThat(names(store))
          .containsExactly(
              "meta/dump-2026-11-21-202313.json.gz", "meta/dump-2026-11-21-212313.json.gz");
      ByteBuffer bytes = ByteBuffer.allocate(100_000);
      int length = store.get("meta/dump-2026-11-21-202313.json.gz", 0, bytes);
      try (Engine copy = KvEngine.inMemory()) {
        new JsonLoad(copy, 1, () -> {})
            .load(new GZIPInputStream(new ByteArrayInputStream(bytes.array(), 0, length)));
        assertThat(new VolumeAdmin(copy).load().name()).isEqualTo("vol");
      }
    }
  }

  @Test
  void oldOnesAreThinnedOutAndOthersLeftAlone() {
    List<String> names = new ArrayList<>();
    for (int hours = 800 * 24; hours >= 0; hours -= 6) {
      names.add(BackupRotation.name(now.minus(Duration.ofHours(hours))));
    }
    names.add("notes.txt");
    List<String> left = new ArrayList<>(names);
    left.removeAll(BackupRotation.outdated(names, now));
    assertThat(left).contains("notes.txt");
    left.remove("notes.txt");
    assertThat(ages(left, 0, 2)).hasSize(8);
    assertThat(ages(left, 2, 14)).hasSize(12);
    assertThat(ages(left, 14, 60)).hasSize(7);
    assertThat(ages(left, 60, 730)).hasSize(23);
    assertThat(ages(left, 730, 900)).isEmpty();
    // A second look finds nothing more.
    assertThat(BackupRotation.outdated(left, now)).isEmpty();
  }

  private List<String> ages(List<String> names, int fromDays, int toDays) {
    return names.stream()
        .filter(
            name -> {
              Instant made = BackupRotation.timeOf(name);
              long days = Duration.between(made, now).toDays();
              return days >= fromDays && days < toDays;
            })
        .toList();
  }
}
