package io.jfs.meta;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.Meta.ChunkSlice;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FallocateMode;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.NewInode;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.SliceId;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.ops.CompactChunk;
import io.jfs.meta.ops.CompactionPlan;
import io.jfs.meta.txn.Commit;
import io.jfs.meta.txn.CommitOutcome;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.ForwardingEngine;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Many threads on two clients write, copy, cut, compact and delete the same few files at once; no
 * slice that is still referred to may be given up, and none that is not may be kept.
 */
public final class ContentRaces {
  private static final Caller ROOT = Caller.ROOT;
  private static final int FILES = 3;

  private final Set<SliceId> stored = ConcurrentHashMap.newKeySet();
  private final AtomicLong committed = new AtomicLong();
  private final AtomicLong wasted = new AtomicLong();
  private final List<TestVolume.Client> clients = new ArrayList<>();

  private ContentRaces() {}

  /** Leaves others time between the reads of an operation and its commit. */
  private static final class SlowCommits extends ForwardingEngine {
    SlowCommits(Engine engine) {
      super(engine);
    }

    @Override
    public CommitOutcome commit(Commit commit) {
      LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(200_000));
      return super.commit(commit);
    }
  }

  /** Runs on an empty volume without trash. */
  public static void run(Supplier<Engine> engines, int threads, int steps)
      throws FormatException, InterruptedException, ExecutionException {
    new ContentRaces().race(engines, threads, steps);
  }

  private void race(Supplier<Engine> engines, int threads, int steps)
      throws FormatException, InterruptedException, ExecutionException {
    try (TestVolume volume = TestVolume.withoutTrash(() -> new SlowCommits(engines.get()))) {
      clients.add(volume.mount());
      clients.add(volume.mount());
      ExecutorService pool = Executors.newFixedThreadPool(threads);
      List<Future<?>> running = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        Random random = new Random(t);
        TestVolume.Client client = clients.get(t % clients.size());
        running.add(pool.submit(() -> steps(client, random, steps)));
      }
      try {
        for (Future<?> each : running) {
          each.get();
        }
      } finally {
        pool.shutdownNow();
      }
      clients.forEach(TestVolume.Client::beat);
      Set<SliceId> kept = new HashSet<>(stored);
      kept.removeAll(volume.reaped);
      assertThat(kept).isEqualTo(volume.references());
      assertThat(committed.get()).as("compactions").isPositive();
    }
  }

  private Void steps(TestVolume.Client client, Random random, int steps) throws FsException {
    for (int i = 0; i < steps; i++) {
      try {
        step(client.meta(), random);
      } catch (FsException e) {
        // Names come and go; nothing else may be refused.
        if (e.errno() != Errno.ENOENT && e.errno() != Errno.EEXIST) {
          throw e;
        }
      }
      client.jobs().settle();
    }
    return null;
  }

  private void step(VolumeMeta meta, Random random) throws FsException {
    Ino ino = file(meta, random);
    switch (random.nextInt(10)) {
      case 0, 1, 2 -> write(meta, ino, random);
      case 3 -> meta.truncate(ROOT, ino, random.nextInt(1000), true);
      case 4 ->
          meta.fallocate(ROOT, ino, FallocateMode.PUNCH_HOLE, random.nextInt(500), 100, false);
      case 5, 6 -> {
        Ino other = file(meta, random);
        if (!other.equals(ino)) {
          meta.copyRange(ROOT, ino, random.nextInt(300), other, random.nextInt(300), 500);
        }
      }
      case 7, 8 -> compact(meta, ino);
      default -> {
        if (random.nextInt(4) == 0) {
          meta.unlink(ROOT, Ino.ROOT, name(random));
        }
      }
    }
  }

  private static Name name(Random random) {
    return Name.of("f" + random.nextInt(FILES));
  }

  private static Ino file(VolumeMeta meta, Random random) throws FsException {
    Name name = name(random);
    Entry entry = meta.lookup(ROOT, Ino.ROOT, name);
    return entry == null
        ? meta.create(ROOT, Ino.ROOT, name, NewInode.file(0644, 0)).ino()
        : entry.ino();
  }

  private void write(VolumeMeta meta, Ino ino, Random random) throws FsException {
    int len = 1 + random.nextInt(200);
    Slice slice = new Slice(random.nextInt(600), meta.newSliceId(), len, 0, len);
    meta.writeSlices(ino, List.of(new ChunkSlice(0, slice)), Timestamp.EPOCH);
    stored.add(new SliceId(slice.id(), len));
  }

  private void compact(VolumeMeta meta, Ino ino) throws FsException {
    CompactionPlan plan = meta.planCompaction(ino, 0);
    if (plan == null) {
      return;
    }
    long id = meta.newSliceId();
    CompactChunk.Result result = meta.commitCompaction(plan, id);
    stored.add(new SliceId(id, plan.size()));
    (result == CompactChunk.Result.COMMITTED ? committed : wasted).incrementAndGet();
  }
}
