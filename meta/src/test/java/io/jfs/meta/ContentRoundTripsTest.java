package io.jfs.meta;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.Meta.ChunkSlice;
import io.jfs.meta.Meta.OpenMode;
import io.jfs.meta.engine.kv.KvEngine;
import io.jfs.meta.engine.kv.MemoryKv;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.FallocateMode;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.LockOwner;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.NewInode;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.record.Cell;
import io.jfs.meta.record.Table;
import io.jfs.meta.txn.Commit;
import io.jfs.meta.txn.CommitOutcome;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.ForwardingEngine;
import io.jfs.meta.txn.Observed;
import io.jfs.meta.txn.Page;
import io.jfs.meta.txn.Ref;
import io.jfs.meta.txn.Row;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What content operations and an idle client cost on an engine that is worth a journey. */
class ContentRoundTripsTest {
  private static final Caller ROOT = Caller.ROOT;
  private static final OpenMode READ_WRITE = new OpenMode(true, true, false, false, false);

  private TestVolume volume;
  private TestVolume.Client client;
  private VolumeMeta meta;
  private Counting engine;

  /** Counts requests. */
  private static final class Counting extends ForwardingEngine {
    private int requests;

    Counting(Engine engine) {
      super(engine);
    }

    @Override
    public boolean remembersReads() {
      return true;
    }

    @Override
    public Map<Ref, Observed> fetch(Collection<Ref> refs) {
      requests++;
      return super.fetch(refs);
    }

    @Override
    public CommitOutcome commit(Commit commit) {
      requests++;
      return super.commit(commit);
    }

    @Override
    public <K, F, V> Page<Row<F, V>> list(Table<K, F, V> table, K key, Object from, int limit) {
      requests++;
      return super.list(table, key, from, limit);
    }

    @Override
    public <K, V> Page<Row<K, V>> scan(Cell<K, V> cell, Object from, int limit) {
      requests++;
      return super.scan(cell, from, limit);
    }
  }

  @BeforeEach
  void mount() throws Exception {
    MemoryKv kv = new MemoryKv("memkv://trips");
    volume = TestVolume.with(() -> new KvEngine(kv), format -> format.set("TrashDays", 0L));
    engine = new Counting(volume.engine());
    client = volume.mount(engine);
    meta = client.meta();
    meta.newSliceId();
  }

  @AfterEach
  void close() {
    volume.close();
  }

  private int requests(TestClient.Refusable operation) throws FsException {
    int before = engine.requests;
    operation.run();
    return engine.requests - before;
  }

  private Ino file(String name) throws FsException {
    return meta.create(ROOT, Ino.ROOT, Name.of(name), NewInode.file(0644, 0)).ino();
  }

  private void write(Ino ino, int pos) throws FsException {
    Slice slice = new Slice(pos, meta.newSliceId(), 10, 0, 10);
    meta.writeSlices(ino, List.of(new ChunkSlice(0, slice)), Timestamp.EPOCH);
  }

  @Test
  void openIsOneRequestAndCloseNone() throws FsException {
    Ino ino = file("f");
    assertThat(requests(() -> meta.open(ROOT, ino, READ_WRITE))).isEqualTo(1);
    assertThat(requests(() -> write(ino, 0))).isEqualTo(1);
    assertThat(requests(() -> meta.close(ino))).isZero();
  }

  @Test
  void changesOfAKnownFileAreOneRequest() throws FsException {
    Ino ino = file("f");
    meta.getAttr(ino);
    assertThat(requests(() -> write(ino, 0))).isEqualTo(1);
    meta.getAttr(ino);
    assertThat(requests(() -> meta.truncate(ROOT, ino, 5, true))).isEqualTo(1);
    meta.getAttr(ino);
    assertThat(requests(() -> meta.readChunk(ino, 0))).isEqualTo(1);
  }

  @Test
  void copyIsAtMostTwoRequests() throws FsException {
    Ino in = file("in");
    Ino out = file("out");
    write(in, 0);
    assertThat(requests(() -> meta.copyRange(ROOT, in, 0, out, 0, 10))).isLessThanOrEqualTo(3);
  }

  @Test
  void locksAreTwoRequestsAtMost() throws FsException {
    Ino ino = file("f");
    LockOwner owner = new LockOwner(meta.sessionId(), 1);
    assertThat(requests(() -> meta.flock(ino, owner, true))).isLessThanOrEqualTo(2);
    assertThat(requests(() -> meta.unflock(ino, owner))).isLessThanOrEqualTo(2);
  }

  @Test
  void idleClientAsksLessThanOncePerSecond() throws FsException {
    client.beat();
    int beat = requests(client::beat);
    assertThat(beat).isLessThanOrEqualTo(8);
    assertThat(
            requests(
                () -> {
                  client.jobs().run("directory statistics");
                  client.jobs().run("quota usage");
                }))
        .isZero();
  }

  /** An engine that takes few changes per commit. */
  private static final class Narrow extends ForwardingEngine {
    static final int LIMIT = 30;

    Narrow(Engine engine) {
      super(engine);
    }

    @Override
    public int commitLimit() {
      return LIMIT;
    }

    @Override
    public CommitOutcome commit(Commit commit) {
      assertThat(commit.mutations().size()).isLessThanOrEqualTo(LIMIT);
      return super.commit(commit);
    }
  }

  @Test
  void largeChangesKeepToTheEnginesLimit() throws Exception {
    VolumeMeta narrow = volume.mount(new Narrow(volume.engine())).meta();
    Ino ino = file("big");
    for (int index = 0; index < 50; index++) {
      Slice slice = new Slice(0, meta.newSliceId(), 10, 0, 10);
      meta.writeSlices(ino, List.of(new ChunkSlice(index, slice)), Timestamp.EPOCH);
    }
    narrow.fallocate(ROOT, ino, FallocateMode.PUNCH_HOLE, 5, 48L * Slice.CHUNK_BYTES, false);
    assertThat(narrow.readChunk(ino, 20)).hasSizeGreaterThan(1);
    assertThat(narrow.readChunk(ino, 49)).hasSize(1);
    assertThat(narrow.truncate(ROOT, ino, 7, true).lengthBytes()).isEqualTo(7);
    for (int index = 1; index < 49; index++) {
      assertThat(narrow.readChunk(ino, index)).endsWith(Slice.hole(0, Slice.CHUNK_BYTES));
    }
    long grown = 60L * Slice.CHUNK_BYTES;
    assertThat(narrow.truncate(ROOT, ino, grown, true).lengthBytes()).isEqualTo(grown);
    for (int i = 0; i < 40; i++) {
      write(ino, i * 10);
    }
    assertThat(narrow.planCompaction(ino, 0).head()).hasSizeLessThanOrEqualTo(Narrow.LIMIT);
  }
}
