package io.jfs.meta;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.Meta.ChunkSlice;
import io.jfs.meta.admin.StrayChunks;
import io.jfs.meta.engine.Engines;
import io.jfs.meta.engine.redis.RedisServer;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.NewInode;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.record.Records;
import io.jfs.meta.txn.Commit;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.Mutation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Chunks without an inode are found, and nothing on a volume in use looks like one. */
@Timeout(120)
class StrayChunksTest {
  private static final int WRITERS = 4;
  private static final long SECONDS = 4;

  @Test
  void nothingIsStrayWhileFilesComeAndGoOnTheHeap() throws Exception {
    filesComeAndGo(TestVolume.inMemory());
  }

  @Test
  void nothingIsStrayWhileFilesComeAndGoOnRedis() throws Exception {
    try (RedisServer server = RedisServer.start()) {
      filesComeAndGo(() -> Engines.open(server.url(1), Map.of()));
    }
  }

  private static void filesComeAndGo(Supplier<Engine> engines) throws Exception {
    try (TestVolume volume = TestVolume.withoutTrash(engines);
        Engine engine = volume.engine()) {
      List<TestVolume.Client> clients = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        clients.add(volume.mount());
      }
      AtomicBoolean done = new AtomicBoolean();
      ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
      List<Future<Integer>> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        TestVolume.Client client = clients.get(i);
        String name = "f" + i;
        writers.add(threads.submit(() -> write(client, name, done)));
      }
      try {
        long end = System.nanoTime() + SECONDS * 1_000_000_000L;
        int looks = 0;
        while (System.nanoTime() < end) {
          assertThat(StrayChunks.find(engine)).as("look %d", looks++).isEmpty();
        }
        assertThat(looks).isPositive();
      } finally {
        done.set(true);
        threads.shutdown();
      }
      int files = 0;
      for (Future<Integer> writer : writers) {
        files += writer.get();
      }
      assertThat(files).isGreaterThan(WRITERS);
      plantAndFind(engine);
    }
  }

  /** Created, written, unlinked while open or not, deleted at once or later. */
  private static int write(TestVolume.Client client, String prefix, AtomicBoolean done)
      throws Exception {
    VolumeMeta meta = client.meta();
    Random random = new Random(prefix.hashCode());
    int files = 0;
    while (!done.get()) {
      Name name = Name.of(prefix + "-" + files++);
      Ino ino = meta.create(Caller.ROOT, Ino.ROOT, name, NewInode.file(0644, 022)).ino();
      meta.opened(ino);
      int chunks = 1 + random.nextInt(3);
      for (int index = 0; index < chunks; index++) {
        Slice slice = new Slice(0, meta.newSliceId(), 100, 0, 100);
        Object unused =
            meta.writeSlices(ino, List.of(new ChunkSlice(index, slice)), Timestamp.EPOCH);
      }
      boolean open = random.nextBoolean();
      if (!open) {
        meta.close(ino);
      }
      Object unused = meta.unlink(Caller.ROOT, Ino.ROOT, name);
      if (open) {
        Slice late = new Slice(100, meta.newSliceId(), 100, 0, 100);
        Object ignored = meta.writeSlices(ino, List.of(new ChunkSlice(0, late)), Timestamp.EPOCH);
        meta.close(ino);
      }
      if (random.nextInt(3) == 0) {
        client.jobs().settle();
      }
    }
    client.jobs().settle();
    return files;
  }

  private static void plantAndFind(Engine engine) throws Exception {
    ChunkKey chunk = new ChunkKey(new Ino(1 << 30), 3);
    List<Slice> slices = List.of(new Slice(0, 1L << 40, 10, 0, 10), new Slice(10, 0, 5, 0, 5));
    Object unused =
        engine.commit(
            new Commit(Map.of(), List.of(new Mutation.SetLog<>(Records.CHUNK, chunk, slices))));
    assertThat(StrayChunks.find(engine)).containsExactly(new StrayChunks.Stray(chunk, 2, 10));
    unused =
        engine.commit(
            new Commit(Map.of(), List.of(new Mutation.SetLog<>(Records.CHUNK, chunk, List.of()))));
    assertThat(StrayChunks.find(engine)).isEmpty();
  }
}
