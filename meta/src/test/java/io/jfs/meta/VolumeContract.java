package io.jfs.meta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jfs.meta.Meta.ChunkSlice;
import io.jfs.meta.Meta.OpenMode;
import io.jfs.meta.admin.Finding;
import io.jfs.meta.admin.VolumeAdmin;
import io.jfs.meta.admin.VolumeCheck;
import io.jfs.meta.engine.kv.KvEngine;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.NewInode;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.SliceId;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.model.VolumeUsage;
import io.jfs.meta.record.Counter;
import io.jfs.meta.record.Records;
import io.jfs.meta.session.SessionFacts;
import io.jfs.meta.txn.Commit;
import io.jfs.meta.txn.CommitOutcome;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.ForwardingEngine;
import io.jfs.meta.txn.Mutation;
import io.jfs.meta.txn.Page;
import io.jfs.meta.txn.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The life of clients on a volume: opening, holding, dying, following its settings. */
public abstract class VolumeContract {
  private static final Caller ROOT = Caller.ROOT;
  private static final Timestamp WHEN = new Timestamp(1_000, 5);
  private static final OpenMode READ = new OpenMode(true, false, false, false, false);
  private static final OpenMode WRITE = new OpenMode(false, true, false, false, false);

  private TestVolume volume;
  private TestVolume.Client one;
  private TestVolume.Client two;

  /**
   * A client of the volume under test, which is empty at the first call of each test; further calls
   * are further clients of the same volume. Whoever gets it closes it.
   */
  protected abstract Engine open();

  @BeforeEach
  void mount() throws Exception {
    volume = TestVolume.withoutTrash(this::open);
    one = volume.mount();
    two = volume.mount();
  }

  @AfterEach
  void close() {
    volume.close();
  }

  private Ino file(String name) throws FsException {
    return one.meta().create(ROOT, Ino.ROOT, Name.of(name), NewInode.file(0644, 022)).ino();
  }

  private Slice write(Ino ino, int index, int pos, int len) throws FsException {
    Slice slice = new Slice(pos, one.meta().newSliceId(), len, 0, len);
    one.meta().writeSlices(ino, List.of(new ChunkSlice(index, slice)), WHEN);
    return slice;
  }

  @Test
  void unformattedEngineIsRefusedInOneLine() {
    SessionFacts facts = SessionFacts.ofThisProcess("/mnt", Instant.EPOCH);
    assertThatThrownBy(
            () -> VolumeMeta.open(KvEngine.inMemory(), MetaConfig.DEFAULT, facts, SliceReaper.NONE))
        .hasMessage(VolumeAdmin.NOT_FORMATTED);
  }

  @Test
  void writtenSlicesAreReadBackAndGrowTheFile() throws Exception {
    Ino ino = file("a");
    Slice slice = write(ino, 0, 0, 100);
    assertThat(two.meta().readChunk(ino, 0)).containsExactly(slice);
    Attr attr = two.meta().getAttr(ino);
    assertThat(attr.lengthBytes()).isEqualTo(100);
    assertThat(attr.mtime()).isEqualTo(WHEN);
    write(ino, 1, 10, 5);
    assertThat(two.meta().getAttr(ino).lengthBytes()).isEqualTo(Slice.CHUNK_BYTES + 15L);
    assertThat(one.meta().usage(Ino.ROOT).usedInodes()).isEqualTo(1);
  }

  @Test
  void openBringsTheFirstChunkAlong() throws Exception {
    Ino ino = file("a");
    Slice slice = write(ino, 0, 0, 100);
    assertThat(two.meta().open(ROOT, ino, READ).firstChunk()).containsExactly(slice);
    assertThat(two.meta().open(ROOT, ino, WRITE).firstChunk()).isNull();
    assertThat(two.meta().openInodes()).isEqualTo(1);
    two.meta().close(ino);
    two.meta().close(ino);
    assertThat(two.meta().openInodes()).isZero();
  }

  @Test
  void refusedOpenLeavesNothingOpen() throws Exception {
    Ino ino = file("a");
    Caller stranger = Caller.of(9, 9);
    assertThat(TestClient.refusal(() -> one.meta().open(stranger, ino, WRITE)))
        .isEqualTo(Errno.EACCES);
    assertThat(TestClient.refusal(() -> one.meta().open(ROOT, new Ino(999), READ)))
        .isEqualTo(Errno.ENOENT);
    assertThat(one.meta().openInodes()).isZero();
  }

  @Test
  void unlinkedOpenFileLivesUntilItsLastClose() throws Exception {
    Ino ino = file("a");
    Slice slice = write(ino, 0, 0, 100);
    one.meta().open(ROOT, ino, READ);
    one.meta().unlink(ROOT, Ino.ROOT, Name.of("a"));
    one.jobs().settle();
    assertThat(one.meta().getAttr(ino).nlink()).isZero();
    write(ino, 0, 100, 50);
    one.meta().close(ino);
    one.jobs().settle();
    assertThat(TestClient.refusal(() -> one.meta().getAttr(ino))).isEqualTo(Errno.ENOENT);
    assertThat(volume.reaped).contains(new SliceId(slice.id(), 100)).hasSize(2);
    assertThat(one.meta().usage(Ino.ROOT).usedInodes()).isZero();
    assertThat(one.meta().usage(Ino.ROOT).availableBytes()).isEqualTo(1L << 50);
  }

  @Test
  void deletedFileLosesItsSlices() throws Exception {
    Ino ino = file("a");
    write(ino, 0, 0, 100);
    write(ino, 3, 0, 100);
    one.meta().unlink(ROOT, Ino.ROOT, Name.of("a"));
    one.jobs().settle();
    assertThat(volume.reaped).hasSize(2);
    assertThat(one.meta().readChunk(ino, 0)).isEmpty();
  }

  @Test
  void unnamedFileGoesWithItsCloseUnlessLinked() throws Exception {
    Entry gone = one.meta().createUnnamed(ROOT, Ino.ROOT, NewInode.file(0600, 0));
    one.meta().opened(gone.ino());
    one.meta().close(gone.ino());
    assertThat(TestClient.refusal(() -> one.meta().getAttr(gone.ino()))).isEqualTo(Errno.ENOENT);

    Entry kept = one.meta().createUnnamed(ROOT, Ino.ROOT, NewInode.file(0600, 0));
    one.meta().opened(kept.ino());
    one.meta().link(ROOT, kept.ino(), Ino.ROOT, Name.of("kept"));
    one.meta().close(kept.ino());
    assertThat(one.meta().getAttr(kept.ino()).nlink()).isEqualTo(1);
  }

  @Test
  void deadClientIsCleanedUpByTheNextHeartbeatAfterItsTime() throws Exception {
    Ino ino = file("a");
    write(ino, 0, 0, 100);
    two.meta().open(ROOT, ino, READ);
    two.meta().unlink(ROOT, Ino.ROOT, Name.of("a"));
    volume.clock.advance(Duration.ofSeconds(30));
    one.beat();
    assertThat(one.meta().getAttr(ino).nlink()).isZero();
    volume.clock.advance(Duration.ofSeconds(31));
    one.beat();
    assertThat(TestClient.refusal(() -> one.meta().getAttr(ino))).isEqualTo(Errno.ENOENT);
    assertThat(volume.reaped).hasSize(1);
  }

  @Test
  void subDirectoryIsTheRootOfItsClient() throws Exception {
    TestVolume.Client sub = volume.mount(MetaConfig.DEFAULT.withSubdir("/x/y"));
    sub.meta().create(ROOT, Ino.ROOT, Name.of("f"), NewInode.file(0644, 0));
    Entry x = one.meta().lookup(ROOT, Ino.ROOT, Name.of("x"));
    Entry y = one.meta().lookup(ROOT, x.ino(), Name.of("y"));
    assertThat(one.meta().lookup(ROOT, y.ino(), Name.of("f"))).isNotNull();
    assertThat(sub.meta().lookup(ROOT, Ino.ROOT, Name.of("..")).ino()).isEqualTo(Ino.ROOT);
    assertThat(sub.meta().lookup(ROOT, Ino.ROOT, Name.of("x"))).isNull();
  }

  @Test
  void readOnlyClientRefusesEveryChangeAndHasNoSession() throws Exception {
    Ino ino = file("a");
    TestVolume.Client reader = volume.mount(MetaConfig.DEFAULT.withReadOnly(true));
    assertThat(reader.meta().sessionId()).isZero();
    assertThat(TestClient.refusal(() -> reader.meta().truncate(ROOT, ino, 5, false)))
        .isEqualTo(Errno.EROFS);
    assertThat(TestClient.refusal(() -> reader.meta().open(ROOT, ino, WRITE)))
        .isEqualTo(Errno.EROFS);
    reader.beat();
  }

  @Test
  void volumeThatGoesAwayIsNoticed() throws Exception {
    StringBuilder lost = new StringBuilder();
    one.meta().onVolumeLost(lost::append);
    one.beat();
    assertThat(lost).isEmpty();
    try (Engine engine = volume.engine()) {
      new VolumeAdmin(engine).destroy(one.meta().format().uuid());
    }
    one.beat();
    assertThat(lost).contains("not formatted");
  }

  @Test
  void settingsAreFollowed() throws Exception {
    volume.update(format -> format.set("Inodes", 2L));
    one.beat();
    file("a");
    file("b");
    assertThat(TestClient.refusal(() -> file("c"))).isEqualTo(Errno.ENOSPC);
    VolumeUsage usage = one.meta().usage(Ino.ROOT);
    assertThat(usage.usedInodes()).isEqualTo(2);
    assertThat(usage.availableInodes()).isZero();
  }

  @Test
  void directoryStatisticsFollowOneClientExactly() throws Exception {
    Ino a = one.meta().create(ROOT, Ino.ROOT, Name.of("a"), NewInode.directory(0755, 0)).ino();
    Ino f = one.meta().create(ROOT, a, Name.of("f"), NewInode.file(0644, 0)).ino();
    write(f, 0, 0, 5000);
    one.meta().link(ROOT, f, Ino.ROOT, Name.of("g"));
    one.jobs().run("directory statistics");
    write(f, 0, 5000, 5000);
    one.meta().truncate(ROOT, f, 100, true);
    one.meta().rename(ROOT, a, Name.of("f"), Ino.ROOT, Name.of("h"), 0);
    one.jobs().run("directory statistics");
    try (Engine engine = volume.engine()) {
      // Some engines write the volume's usage a little later; it is checked at the end.
      assertThat(VolumeCheck.run(engine))
          .filteredOn(finding -> finding.kind() != Finding.Kind.WRONG_COUNTER)
          .isEmpty();
      assertThat(engine.scan(Records.DIR_STAT, null, 10).rows()).hasSize(2);
    }
  }

  /** A client may take away what another has added and not told yet. */
  @Test
  void directoryStatisticsFollowTwoClientsExactly() throws Exception {
    TestVolume.Client two = volume.mount();
    Ino a = one.meta().create(ROOT, Ino.ROOT, Name.of("a"), NewInode.directory(0755, 0)).ino();
    one.meta().create(ROOT, a, Name.of("f"), NewInode.file(0644, 0));
    one.meta().create(ROOT, a, Name.of("g"), NewInode.file(0644, 0));
    two.meta().unlink(ROOT, a, Name.of("f"));
    two.jobs().run("directory statistics");
    one.jobs().run("directory statistics");
    try (Engine engine = volume.engine()) {
      assertThat(VolumeCheck.run(engine))
          .filteredOn(finding -> finding.kind() == Finding.Kind.WRONG_DIR_STAT)
          .filteredOn(finding -> !Ino.ROOT.equals(finding.ino()))
          .isEmpty();
    }
  }

  /** Data of a file that was deleted two hours ago by a client that died. */
  private SliceId forgotten(long ino) {
    SliceId slice = new SliceId(1000 + ino, 10);
    Records.DeletedFile file = new Records.DeletedFile(new Ino(ino), 10);
    long since = volume.clock.instant().minus(Duration.ofHours(2)).getEpochSecond();
    try (Engine engine = volume.engine()) {
      Commit commit =
          new Commit(
              Map.of(),
              List.of(
                  new Mutation.PutField<>(Records.DELETED_FILE, Records.Volume.KEY, file, since),
                  new Mutation.Append<>(
                      Records.CHUNK,
                      new ChunkKey(file.ino(), 0),
                      List.of(new Slice(0, slice.id(), 10, 0, 10)))));
      assertThat(engine.commit(commit).status()).isEqualTo(CommitOutcome.Status.COMMITTED);
    }
    return slice;
  }

  @Test
  void oneClientDoesTheHourlyJobsAndAnotherOnceItIsDead() throws Exception {
    SliceId first = forgotten(501);
    removeDeletedFiles(one);
    assertThat(volume.reaped).containsExactly(first);
    SliceId second = forgotten(502);
    volume.clock.advance(Duration.ofMinutes(50));
    removeDeletedFiles(two);
    removeDeletedFiles(one);
    assertThat(volume.reaped).containsExactly(first);
    // The first client is heard of no more; its lease ends by itself.
    volume.clock.advance(Duration.ofMinutes(10));
    removeDeletedFiles(two);
    assertThat(volume.reaped).containsExactly(first, second);
  }

  private static void removeDeletedFiles(TestVolume.Client client) {
    client.jobs().run("deleted files");
    client.jobs().settle();
  }

  @Test
  void noJobIsDoneByTwoAtOnce() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    List<TestVolume.Client> clients = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      clients.add(volume.mount(new LooksAtSlices(volume.engine(), looks)));
    }
    ExecutorService hosts = Executors.newFixedThreadPool(clients.size());
    try {
      for (int round = 1; round <= 20; round++) {
        CountDownLatch start = new CountDownLatch(1);
        List<Future<?>> jobs = new ArrayList<>();
        for (TestVolume.Client client : clients) {
          jobs.add(
              hosts.submit(
                  () -> {
                    start.await();
                    client.jobs().run("slices");
                    return null;
                  }));
        }
        start.countDown();
        for (Future<?> job : jobs) {
          Object unused = job.get();
        }
        assertThat(looks).hasValue(round);
        volume.clock.advance(Duration.ofMinutes(55));
      }
    } finally {
      hosts.shutdownNow();
    }
  }

  /** Counts how often somebody goes through all slice references. */
  private static final class LooksAtSlices extends ForwardingEngine {
    private final AtomicInteger looks;

    LooksAtSlices(Engine engine, AtomicInteger looks) {
      super(engine);
      this.looks = looks;
    }

    @Override
    public <K> Page<Row<K, long[]>> scan(Counter<K> counter, Object from, int limit) {
      if (counter == Records.SLICE_REF && from == null) {
        looks.incrementAndGet();
      }
      return super.scan(counter, from, limit);
    }
  }

  @Test
  void attributesSetAfterTheLastLinkGoWithTheInode() throws Exception {
    Ino ino = file("a");
    one.meta().open(ROOT, ino, READ);
    one.meta().unlink(ROOT, Ino.ROOT, Name.of("a"));
    one.meta().setXattr(ROOT, ino, Name.of("user.late"), new byte[] {1}, 0);
    one.meta().close(ino);
    one.jobs().settle();
    try (Engine engine = volume.engine()) {
      assertThat(engine.scan(Records.XATTR, null, 10).rows()).isEmpty();
    }
  }
}
