package io.jfs.meta.engine.kv.lmdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.engine.kv.KvPair;
import io.jfs.meta.engine.kv.KvQuery;
import io.jfs.meta.engine.kv.KvWrite;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commits and checkpoints at random, and power cuts between and within them: whatever mixture of
 * page versions the disk holds, opening the database finds exactly the last checkpoint.
 */
class LmdbPowerLossTest {
  private static final Duration NEVER = Duration.ofHours(1);
  private static final long MAP_BYTES = 64 << 20;
  private static final int ROUNDS = 40;
  private static final int CUTS_PER_ROUND = 8;

  @TempDir Path folder;

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private TreeMap<String, byte[]> model = new TreeMap<>();
  private final Set<Long> states = new HashSet<>();
  private Path place;
  private Store store;
  private Checkpointer checkpointer;

  /** The data file's versions since the flush of the last durable checkpoint. */
  private @Nullable PowerCut cut;

  private TreeMap<String, byte[]> checkpointed = new TreeMap<>();
  private int cuts;

  /** Commits and cuts in the midst of a checkpoint. */
  private final class HookedFile extends CheckpointFile {
    private @Nullable PowerCut next;
    private TreeMap<String, byte[]> nextCheckpointed = new TreeMap<>();

    HookedFile(Path directory) throws IOException {
      super(directory);
    }

    @Override
    void write(@Nullable Checkpoint latest, Checkpoint checkpoint) throws IOException {
      next = PowerCut.flushed(place);
      nextCheckpointed = new TreeMap<>(model);
      if (checkpointer.isArmed()) {
        commitSome(random.nextInt(4), next);
        if (cut != null) {
          cutPower(2);
        }
      }
      super.write(latest, checkpoint);
      cut = next;
      checkpointed = nextCheckpointed;
      if (checkpointer.isArmed()) {
        commitSome(random.nextInt(4), null);
        cutPower(1);
      }
    }
  }

  private void open() throws IOException {
    place = Files.createDirectories(folder.resolve("live"));
    Environment environment = new Environment(place, Durability.CHECKPOINT.flags(), MAP_BYTES);
    checkpointer =
        new Checkpointer(
            place,
            environment,
            new MetaPages(place),
            new HookedFile(place),
            Machine.of(place),
            NEVER);
    environment.guardWith(checkpointer);
    store = new Store(place, environment, Durability.CHECKPOINT, checkpointer);
  }

  private void commitSome(int count, @Nullable PowerCut also) throws IOException {
    for (int i = 0; i < count; i++) {
      commit();
      if (cut != null) {
        cut.written(place);
      }
      if (also != null) {
        also.written(place);
      }
    }
  }

  private void commit() {
    List<KvWrite> writes = new ArrayList<>();
    TreeMap<String, byte[]> changed = new TreeMap<>(model);
    for (int i = random.nextInt(6); i >= 0; i--) {
      String key = "key" + random.nextInt(600);
      if (random.nextInt(3) == 0) {
        writes.add(new KvWrite.Delete(bytes(key)));
        changed.remove(key);
      } else {
        byte[] value = new byte[random.nextInt(20) == 0 ? random.nextInt(20_000) : 200];
        random.nextBytes(value);
        writes.add(new KvWrite.Put(bytes(key), value));
        changed.put(key, value);
      }
    }
    assertThat(store.commit(List.of(), writes).status().name()).isEqualTo("COMMITTED");
    model = changed;
    states.add(sum(model));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static long sum(TreeMap<String, byte[]> content) {
    CRC32C sum = new CRC32C();
    content.forEach(
        (key, value) -> {
          sum.update(bytes(key));
          sum.update(value);
        });
    return sum.getValue();
  }

  static TreeMap<String, byte[]> content(Store from) {
    KvQuery all =
        new KvQuery(new byte[] {0}, new byte[] {(byte) 0xFF}, 0, KvQuery.Wants.KEYS_AND_VALUES);
    TreeMap<String, byte[]> content = new TreeMap<>();
    for (KvPair row : from.environment().read(view -> view.rows(all))) {
      content.put(new String(row.key(), StandardCharsets.US_ASCII), row.value());
    }
    return content;
  }

  private void cutPower(int times) throws IOException {
    for (int i = 0; i < times; i++) {
      Path disk = folder.resolve("disk");
      cut.leave(random, Files.readAllBytes(place.resolve("checkpoint")), disk);
      cuts++;
      try (Store found =
          new Opening(disk, Durability.CHECKPOINT, NEVER, MAP_BYTES, PowerCut.RESTARTED).open()) {
        assertThat(sum(content(found)))
            .as("seed %s, cut %s", seed, cuts)
            .isEqualTo(sum(checkpointed));
        churn(found);
      }
    }
  }

  /** Pages that are free there may be used, and only those. */
  private void churn(Store found) {
    TreeMap<String, byte[]> expected = new TreeMap<>(checkpointed);
    Random local = new Random(cuts);
    for (int i = 0; i < 10; i++) {
      byte[] value = new byte[1 + local.nextInt(3000)];
      local.nextBytes(value);
      String key = "key" + local.nextInt(600);
      expected.put(key, value);
      assertThat(
              found.commit(List.of(), List.of(new KvWrite.Put(bytes(key), value))).status().name())
          .isEqualTo("COMMITTED");
    }
    assertThat(sum(content(found))).as("seed %s, cut %s", seed, cuts).isEqualTo(sum(expected));
  }

  @Test
  void everyMixtureReturnsToTheLastCheckpoint() throws IOException {
    open();
    for (int round = 0; round < ROUNDS; round++) {
      if (random.nextBoolean()) {
        store.sync();
      } else {
        checkpointer.runInBackground();
      }
      commitSome(1 + random.nextInt(25), null);
      cutPower(CUTS_PER_ROUND);
    }
    store.close();
    assertThat(cuts).isGreaterThan(ROUNDS * CUTS_PER_ROUND);
  }

  /** Shows that the mixtures are bad ones. */
  @Test
  void withoutTheCheckpointMixturesAreBroken() throws Exception {
    open();
    states.add(sum(model));
    int broken = 0;
    for (int round = 0; round < ROUNDS && broken == 0; round++) {
      store.sync();
      commitSome(20, null);
      Path disk = folder.resolve("unrestored");
      cut.leave(random, new byte[8192], disk);
      Process reader = LmdbChild.startClass(LmdbPowerLossTest.class, disk.toString());
      String answer =
          new String(reader.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
      boolean isWhole =
          reader.waitFor() == 0 && !answer.isEmpty() && states.contains(Long.parseLong(answer));
      broken += isWhole ? 0 : 1;
    }
    store.close();
    assertThat(broken).isPositive();
  }

  /**
   * {@code DIRECTORY}: prints a sum of what LMDB finds there. In a process of its own: LMDB may
   * crash.
   */
  public static void main(String[] args) {
    Path disk = Path.of(args[0]);
    Environment environment = new Environment(disk, Durability.NONE.flags(), MAP_BYTES);
    try (Store found = new Store(disk, environment, Durability.NONE, null)) {
      System.out.println(sum(content(found)));
    }
  }
}
