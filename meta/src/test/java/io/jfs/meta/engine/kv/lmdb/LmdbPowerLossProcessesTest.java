package io.jfs.meta.engine.kv.lmdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two processes write, one after the other is killed and started again, and the power fails at any
 * moment: the database returns to a moment, and without a power failure it loses nothing.
 */
class LmdbPowerLossProcessesTest {
  private static final Duration NEVER = Duration.ofHours(1);
  private static final long MAP_BYTES = 256 << 20;
  private static final int MOMENTS = 60;

  @TempDir Path folder;

  private final Random random = new Random();
  private final Map<String, PairWriter> writers = new HashMap<>();
  private final List<PairWriter> killed = new ArrayList<>();
  private Path place;
  private byte[] checkpointBytes = {};
  private @Nullable PowerCut cut;
  private int cuts;

  private void start(String name) throws Exception {
    String url = "lmdb://" + place + "?checkpoint-interval=200ms";
    PairWriter writer = PairWriter.start(url, name);
    writers.put(name, writer);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (writer.acknowledged() == 0) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      pause(1);
    }
  }

  private static void pause(long millis) throws Exception {
    TimeUnit.MILLISECONDS.sleep(millis);
  }

  /** Takes the data file as it is, and cuts the power if nothing has been made durable since. */
  private void lookAt() throws Exception {
    for (PairWriter writer : writers.values()) {
      writer.freeze();
    }
    byte[] bytes = Files.readAllBytes(place.resolve("checkpoint"));
    if (cut == null || !Arrays.equals(bytes, checkpointBytes)) {
      cut = PowerCut.flushed(place);
      checkpointBytes = bytes;
    } else if (cut.versions() < 4) {
      cut.written(place);
    }
    for (PairWriter writer : writers.values()) {
      writer.goOn();
    }
  }

  private void cutPower() throws Exception {
    Path disk = folder.resolve("disk");
    cut.leave(random, checkpointBytes, disk);
    cuts++;
    try (Store found =
        new Opening(disk, Durability.CHECKPOINT, NEVER, MAP_BYTES, PowerCut.RESTARTED).open()) {
      TreeMap<String, byte[]> content = LmdbPowerLossTest.content(found);
      for (String name : writers.keySet()) {
        long unused = PairWriter.checkMoment(content, name);
      }
    }
  }

  @Test
  void theDatabaseReturnsToAMoment() throws Exception {
    place = folder.resolve("live");
    start("w0");
    start("w1");
    try {
      int mixed = 0;
      for (int i = 0; i < MOMENTS; i++) {
        for (int j = 0; j < 4; j++) {
          pause(random.nextInt(20));
          lookAt();
        }
        mixed += cut.versions() > 1 ? 1 : 0;
        for (int j = 0; j < 4; j++) {
          cutPower();
        }
        if (i % 15 == 14) {
          String name = List.copyOf(writers.keySet()).get(random.nextInt(writers.size()));
          PairWriter victim = writers.remove(name);
          victim.kill();
          killed.add(victim);
          pause(random.nextInt(100)); // the other goes on alone
          start("w" + (writers.size() + killed.size()));
        }
      }
      assertThat(mixed).isPositive();
    } finally {
      for (PairWriter writer : writers.values()) {
        writer.kill();
        killed.add(writer);
      }
    }
    everythingAcknowledgedIsThere();
    assertThat(cuts).isEqualTo(MOMENTS * 4);
  }

  private void everythingAcknowledgedIsThere() {
    try (Store found =
        new Opening(place, Durability.CHECKPOINT, NEVER, MAP_BYTES, Machine.of(place)).open()) {
      TreeMap<String, byte[]> content = LmdbPowerLossTest.content(found);
      for (PairWriter writer : killed) {
        assertThat(PairWriter.checkMoment(content, writer.name()))
            .isGreaterThanOrEqualTo(writer.acknowledged());
      }
    }
  }
}
