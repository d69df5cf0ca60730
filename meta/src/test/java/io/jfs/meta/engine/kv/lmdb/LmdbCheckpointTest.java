package io.jfs.meta.engine.kv.lmdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jfs.meta.engine.MetaUrl;
import io.jfs.meta.engine.kv.KvWrite;
import io.jfs.meta.txn.EngineException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the last checkpoint is returned to and when not, and what checkpoints cost. */
class LmdbCheckpointTest {
  private static final Duration NEVER = Duration.ofHours(1);
  private static final long MAP_BYTES = 64 << 20;

  @TempDir Path folder;

  private Path place() {
    return folder.resolve("live");
  }

  private Store open(Path at, Durability durability, Duration interval, Machine machine)
      throws Exception {
    return new Opening(Files.createDirectories(at), durability, interval, MAP_BYTES, machine)
        .open();
  }

  private Store open(Durability durability) throws Exception {
    return open(place(), durability, NEVER, Machine.of(folder));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static void put(Store store, String key) {
    assertThat(
            store
                .commit(List.of(), List.of(new KvWrite.Put(bytes(key), bytes(key))))
                .status()
                .name())
        .isEqualTo("COMMITTED");
  }

  /** What a copy of the directory holds once the machine has been started anew. */
  private List<String> afterRestart() throws Exception {
    return contentOfCopy(PowerCut.RESTARTED);
  }

  private List<String> contentOfCopy(Machine machine) throws Exception {
    Path copy = Files.createDirectories(folder.resolve("copy"));
    Files.deleteIfExists(copy.resolve("lock.mdb"));
    for (String file : List.of("data.mdb", "checkpoint")) {
      Files.copy(place().resolve(file), copy.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    try (Store store = open(copy, Durability.CHECKPOINT, NEVER, machine)) {
      return List.copyOf(LmdbPowerLossTest.content(store).keySet());
    }
  }

  @Test
  void whatWasSyncedSurvivesPowerLossAndWhatWasCommittedSurvivesKill() throws Exception {
    try (Store store = open(Durability.CHECKPOINT)) {
      put(store, "one");
      store.sync();
      put(store, "two");
      assertThat(afterRestart()).containsExactly("one");
      assertThat(contentOfCopy(Machine.of(folder))).containsExactly("one", "two");
      store.sync();
      assertThat(afterRestart()).containsExactly("one", "two");
    }
  }

  @Test
  void theIntervalIsKept() throws Exception {
    try (Store store =
        open(place(), Durability.CHECKPOINT, Duration.ofMillis(50), Machine.of(folder))) {
      put(store, "one");
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (!afterRestart().contains("one")) {
        assertThat(System.nanoTime()).isLessThan(deadline);
      }
    }
  }

  @Test
  void aClosedDatabaseIsLeftAlone() throws Exception {
    try (Store store = open(Durability.CHECKPOINT)) {
      put(store, "one");
    }
    try (Environment other = new Environment(place(), Durability.COMMIT.flags(), MAP_BYTES);
        Store tool = new Store(place(), other, Durability.COMMIT, null)) {
      put(tool, "by a tool that knows no checkpoints");
    }
    assertThat(afterRestart()).hasSize(2);
  }

  @Test
  void theCheckpointOfAnotherDataFileIsNotUsed() throws Exception {
    Path older = folder.resolve("older");
    try (Store store = open(Durability.CHECKPOINT)) {
      put(store, "one");
      store.sync();
      Files.copy(place().resolve("checkpoint"), older);
      for (int i = 0; i < 5; i++) {
        put(store, "more" + i);
        store.sync();
      }
    }
    Files.copy(older, place().resolve("checkpoint"), StandardCopyOption.REPLACE_EXISTING);
    assertThat(afterRestart()).hasSize(6);
  }

  @Test
  void aCorruptCheckpointIsRefused() throws Exception {
    try (Store store = open(Durability.CHECKPOINT)) {
      put(store, "one");
      store.sync();
      put(store, "two");
      store.sync();
    }
    byte[] noise = new byte[8192];
    java.util.Arrays.fill(noise, (byte) 7);
    Files.write(place().resolve("checkpoint"), noise);
    assertThatThrownBy(() -> open(Durability.CHECKPOINT))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("checkpoint is corrupt");
  }

  @Test
  void lmdbsOwnRulesEndCheckpointsAndAnOldOneIsNotReturnedTo() throws Exception {
    try (Store store = open(Durability.CHECKPOINT)) {
      put(store, "one");
    }
    try (Store store = open(Durability.COMMIT)) {
      assertThat(store.isCheckpointed()).isFalse();
      put(store, "two");
      assertThat(afterRestart()).containsExactly("one", "two");
    }
    try (Store store = open(Durability.CHECKPOINT)) {
      assertThat(store.isCheckpointed()).isTrue();
      put(store, "three");
      assertThat(afterRestart()).containsExactly("one", "two");
    }
  }

  /** A second process asks for a flush of each commit where the first lets commits wait. */
  @Test
  void whoComesLaterFlushesEachCommitIfAsked() throws Exception {
    try (Store store = open(Durability.CHECKPOINT)) {
      put(store, "one");
      Process child =
          LmdbChild.start("lmdb://" + place() + "?durability=commit", "increment", "20");
      assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(child.exitValue()).isZero();
      assertThat(afterRestart()).hasSize(2);
      put(store, "two");
      assertThat(afterRestart()).hasSize(2);
    }
  }

  /** The first writes by LMDB's own rules, over whatever is free: no checkpoint can help. */
  @Test
  void whoComesLaterFollowsThoseWhoAreThere() throws Exception {
    try (Store store = open(Durability.COMMIT)) {
      put(store, "one");
      Process child =
          LmdbChild.start("lmdb://" + place() + "?checkpoint-interval=10ms", "increment", "20");
      assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(child.exitValue()).isZero();
      assertThat(place().resolve("checkpoint"))
          .satisfiesAnyOf(
              file -> assertThat(file).doesNotExist(),
              file -> assertThat(Files.readAllBytes(file)).containsOnly(0));
    }
  }

  @Test
  void anIdleProcessDoesNotKeepPagesFromTheOthers() throws Exception {
    String url = "lmdb://" + place() + "?checkpoint-interval=20ms";
    LmdbKv idle = LmdbKv.open(MetaUrl.parse(url));
    idle.commit(List.of(), List.of(new KvWrite.Put(bytes("one"), bytes("one"))));
    TimeUnit.MILLISECONDS.sleep(500);
    Process child = LmdbChild.start(url, "increment", "30000");
    assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(child.exitValue()).isZero();
    idle.close();
    assertThat(Files.size(place().resolve("data.mdb"))).isLessThan(100 << 20);
  }

  /** What was freed since the last checkpoint is given back by an early one. */
  @Test
  void aSmallDiskCanBeWrittenOverAndOver() throws Exception {
    Path small = Files.createDirectory(folder.resolve("small"));
    assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", small.toString()) == 0);
    try {
      try (Store store =
          open(small.resolve("meta"), Durability.CHECKPOINT, NEVER, Machine.of(small))) {
        for (int i = 0; i < 2000; i++) {
          put(store, "key" + i % 10);
        }
      }
    } finally {
      assertThat(run("umount", small.toString())).isZero();
    }
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
