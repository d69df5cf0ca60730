package io.jfs.meta;

import static io.jfs.meta.TestClient.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.Meta.ChunkSlice;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.AttrUpdate;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FallocateMode;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.LockOwner;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.NewInode;
import io.jfs.meta.model.PosixLock;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.SliceId;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.ops.Clone;
import io.jfs.meta.ops.CompactionPlan;
import io.jfs.meta.record.Records;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What content operations do to records, by the spec's vectors, and what they refuse. */
public abstract class ContentContract {
  private static final Caller ROOT = Caller.ROOT;
  private static final Caller USER = Caller.of(1000, 1000);
  private static final long CHUNK = Slice.CHUNK_BYTES;

  private TestVolume volume;
  private TestVolume.Client client;
  private VolumeMeta meta;
  private Ino ino;

  /**
   * A client of the volume under test, which is empty at the first call of each test; further calls
   * are further clients of the same volume. Whoever gets it closes it.
   */
  protected abstract Engine open();

  @BeforeEach
  void mount() throws Exception {
    volume = TestVolume.with(this::open, format -> format);
    client = volume.mount();
    meta = client.meta();
    ino = file("f", 0644);
  }

  @AfterEach
  void close() {
    volume.close();
  }

  private Ino file(String name, int mode) throws FsException {
    return meta.create(ROOT, Ino.ROOT, Name.of(name), NewInode.file(mode, 0)).ino();
  }

  private Slice write(int index, int pos, int len) throws FsException {
    Slice slice = new Slice(pos, meta.newSliceId(), len, 0, len);
    meta.writeSlices(ino, List.of(new ChunkSlice(index, slice)), Timestamp.EPOCH);
    return slice;
  }

  private List<Slice> chunk(int index) throws FsException {
    return meta.readChunk(ino, index);
  }

  @Test
  void truncateCoversWhatTheReferenceCovers() throws Exception {
    Slice first = write(0, 0, 100);
    Slice third = write(2, 50, 100);
    meta.truncate(ROOT, ino, 4 * CHUNK + 1000, true);
    meta.truncate(ROOT, ino, 10, true);
    assertThat(chunk(0)).containsExactly(first, Slice.hole(10, 0x03fffff6));
    assertThat(chunk(1)).isEmpty();
    assertThat(chunk(2))
        .containsExactly(third, Slice.hole(150, 0x03ffff6a), Slice.hole(0, 1 << 26));
    assertThat(chunk(3)).isEmpty();
    assertThat(chunk(4)).containsExactly(Slice.hole(0, 1000), Slice.hole(0, 1000));
    assertThat(meta.getAttr(ino).lengthBytes()).isEqualTo(10);
  }

  @Test
  void truncateAtChunkBorders() throws Exception {
    meta.truncate(ROOT, ino, CHUNK, true);
    assertThat(chunk(0)).containsExactly(Slice.hole(0, 1 << 26));
    assertThat(chunk(1)).isEmpty();
    meta.truncate(ROOT, ino, 2 * CHUNK, true);
    assertThat(chunk(1)).containsExactly(Slice.hole(0, 1 << 26));
    Attr before = meta.getAttr(ino);
    assertThat(meta.truncate(ROOT, ino, 2 * CHUNK, true)).isEqualTo(before);
    assertThat(refusal(() -> meta.truncate(ROOT, ino, 1L << 57, true))).isEqualTo(Errno.EFBIG);
    assertThat(refusal(() -> meta.truncate(ROOT, ino, -1, true))).isEqualTo(Errno.EINVAL);
  }

  @Test
  void copyThenPunchAsTheReferenceStoresIt() throws Exception {
    Slice whole = write(0, 0, 1000);
    Ino copy = file("copy", 0644);
    assertThat(meta.copyRange(ROOT, ino, 0, copy, 0, 300).bytes()).isEqualTo(300);
    meta.fallocate(ROOT, copy, FallocateMode.PUNCH_HOLE, 100, 50, false);
    assertThat(meta.readChunk(copy, 0))
        .containsExactly(new Slice(0, whole.id(), 1000, 0, 300), Slice.hole(100, 50));
    try (Engine engine = volume.engine()) {
      assertThat(engine.scan(Records.SLICE_REF, null, 9).rows())
          .singleElement()
          .satisfies(
              row -> {
                assertThat(row.key()).isEqualTo(new SliceId(whole.id(), 1000));
                assertThat(row.value()).containsExactly(1);
              });
    }
  }

  @Test
  void copyAcrossAChunkBorderMakesTwoRecordsAndTwoReferences() throws Exception {
    Slice whole = write(0, 0, 1000);
    Ino copy = file("copy", 0644);
    meta.copyRange(ROOT, ino, 0, copy, CHUNK - 400, 1000);
    assertThat(meta.readChunk(copy, 0))
        .containsExactly(new Slice((int) CHUNK - 400, whole.id(), 1000, 0, 400));
    assertThat(meta.readChunk(copy, 1)).containsExactly(new Slice(0, whole.id(), 1000, 400, 600));
  }

  @Test
  void manyPiecesAreCopiedInSeveralSteps() throws Exception {
    for (int i = 0; i < 130; i++) {
      write(0, i * 20, 10);
    }
    Ino copy = file("copy", 0644);
    long length = meta.getAttr(ino).lengthBytes();
    assertThat(meta.copyRange(ROOT, ino, 0, copy, 5, 1 << 20).bytes()).isEqualTo(length);
    assertThat(meta.getAttr(copy).lengthBytes()).isEqualTo(length + 5);
  }

  @Test
  void compactionKeepsReplacedSlicesForTheTrashsDays() throws Exception {
    Slice a = write(0, 0, 3000);
    Slice b = write(0, 2000, 3000);
    CompactionPlan plan = meta.planCompaction(ino, 0);
    long id = meta.newSliceId();
    meta.commitCompaction(plan, id);
    assertThat(chunk(0)).containsExactly(new Slice(0, id, 5000, 0, 5000));
    try (Engine engine = volume.engine()) {
      assertThat(engine.scan(Records.DELAYED_SLICES, null, 9).rows())
          .extracting(Row::value)
          .containsExactly(List.of(new SliceId(a.id(), 3000), new SliceId(b.id(), 3000)));
      assertThat(engine.scan(Records.SLICE_REF, null, 9).rows()).isEmpty();
    }
    client.jobs().run("trash");
    assertThat(volume.reaped).isEmpty();
    volume.clock.advance(Duration.ofHours(25));
    client.jobs().run("trash");
    client.jobs().settle();
    assertThat(volume.reaped).hasSize(2);
  }

  @Test
  void trashIsEmptiedAfterItsDays() throws Exception {
    write(0, 0, 10);
    Ino dir = meta.create(ROOT, Ino.ROOT, Name.of("d"), NewInode.directory(0755, 0)).ino();
    meta.create(ROOT, dir, Name.of("x"), NewInode.file(0644, 0));
    meta.unlink(ROOT, dir, Name.of("x"));
    meta.rmdir(ROOT, Ino.ROOT, Name.of("d"));
    meta.unlink(ROOT, Ino.ROOT, Name.of("f"));
    assertThat(meta.getAttr(ino).parent().isHourlyTrash()).isTrue();
    volume.clock.advance(Duration.ofHours(24));
    client.jobs().run("trash");
    assertThat(meta.getAttr(ino).nlink()).isEqualTo(1);
    volume.clock.advance(Duration.ofHours(4));
    client.jobs().run("trash");
    client.jobs().settle();
    assertThat(refusal(() -> meta.getAttr(ino))).isEqualTo(Errno.ENOENT);
    assertThat(volume.reaped).hasSize(1);
    assertThat(meta.usage(Ino.ROOT).usedInodes()).isZero();
  }

  @Test
  void onlyFilesHaveContent() throws Exception {
    Ino dir = meta.create(ROOT, Ino.ROOT, Name.of("d"), NewInode.directory(0755, 0)).ino();
    Ino fifo =
        meta.create(ROOT, Ino.ROOT, Name.of("p"), new NewInode(FileType.FIFO, 0644, 0, 0, null))
            .ino();
    ChunkSlice slice = new ChunkSlice(0, new Slice(0, meta.newSliceId(), 1, 0, 1));
    assertThat(refusal(() -> meta.writeSlices(dir, List.of(slice), Timestamp.EPOCH)))
        .isEqualTo(Errno.EPERM);
    assertThat(refusal(() -> meta.writeSlices(new Ino(99), List.of(slice), Timestamp.EPOCH)))
        .isEqualTo(Errno.ENOENT);
    assertThat(refusal(() -> meta.truncate(ROOT, dir, 0, false))).isEqualTo(Errno.EPERM);
    assertThat(refusal(() -> allocate(fifo))).isEqualTo(Errno.EPIPE);
    assertThat(refusal(() -> allocate(dir))).isEqualTo(Errno.EPERM);
    assertThat(refusal(() -> meta.copyRange(ROOT, dir, 0, ino, 0, 1))).isEqualTo(Errno.EINVAL);
  }

  private void allocate(Ino file) throws FsException {
    meta.fallocate(ROOT, file, FallocateMode.ALLOCATE, 0, 10, false);
  }

  @Test
  void protectedFilesStayAsTheyAre() throws Exception {
    Ino copy = file("copy", 0644);
    write(0, 0, 10);
    meta.setAttr(ROOT, ino, AttrUpdate.ofFlags(Attr.FLAG_APPEND));
    assertThat(refusal(() -> meta.truncate(ROOT, ino, 0, true))).isEqualTo(Errno.EPERM);
    assertThat(refusal(() -> meta.copyRange(ROOT, copy, 0, ino, 0, 1))).isEqualTo(Errno.EPERM);
    assertThat(refusal(() -> meta.fallocate(ROOT, ino, FallocateMode.PUNCH_HOLE, 0, 1, false)))
        .isEqualTo(Errno.EPERM);
    allocate(ino);
    meta.setAttr(ROOT, ino, AttrUpdate.ofFlags(Attr.FLAG_IMMUTABLE));
    assertThat(refusal(() -> allocate(ino))).isEqualTo(Errno.EPERM);
    assertThat(refusal(() -> meta.truncate(USER, copy, 0, false))).isEqualTo(Errno.EACCES);
    meta.truncate(USER, copy, 0, true);
  }

  @Test
  void fallocateDropsSetuidLikeAWrite() throws Exception {
    Ino suid = file("suid", 06755);
    meta.setAttr(
        ROOT, suid, new AttrUpdate(06755, null, null, null, null, false, false, null, false));
    assertThat(meta.fallocate(ROOT, suid, FallocateMode.ALLOCATE_KEEP_SIZE, 0, 5, false).mode())
        .isEqualTo(06755);
    assertThat(meta.fallocate(ROOT, suid, FallocateMode.ALLOCATE, 0, 5, true).mode())
        .isEqualTo(0755);
    assertThat(meta.getAttr(suid).lengthBytes()).isEqualTo(5);
  }

  @Test
  void growingTellsTheListener() throws Exception {
    List<Integer> grown = new ArrayList<>();
    meta.onFragmentedChunk((file, index, records) -> grown.add(records));
    write(0, 0, 10);
    write(0, 10, 10);
    assertThat(grown).containsExactly(1, 2);
  }

  // ---- clones ----

  private Ino clone(Ino source, String name, Clone.Ownership ownership) throws FsException {
    return meta.clone(
        ROOT, source, Ino.ROOT, Name.of(name), new Clone.Style(ownership, 022), TreeWork.QUIET);
  }

  @Test
  void clonedFileSharesItsSlices() throws Exception {
    Slice slice = write(0, 10, 1000);
    meta.truncate(ROOT, ino, 3 * CHUNK + 5, true);
    meta.setXattr(ROOT, ino, Name.of("user.x"), new byte[] {1}, 0);
    meta.setAttr(ROOT, ino, AttrUpdate.ofFlags(Attr.FLAG_IMMUTABLE));
    Ino copy = clone(ino, "clone", Clone.Ownership.PRESERVED);
    Attr attr = meta.getAttr(copy);
    assertThat(attr.lengthBytes()).isEqualTo(3 * CHUNK + 5);
    assertThat(attr.mtime()).isEqualTo(meta.getAttr(ino).mtime());
    assertThat(attr.isImmutable()).isTrue();
    assertThat(attr.nlink()).isEqualTo(1);
    assertThat(meta.getXattr(copy, Name.of("user.x"))).containsExactly(1);
    assertThat(meta.readChunk(copy, 0)).contains(new Slice(10, slice.id(), 1000, 0, 1000));
    assertThat(meta.lookup(ROOT, Ino.ROOT, Name.of("clone")).ino()).isEqualTo(copy);
  }

  @Test
  void clonedTreeIsWholeAndItsOwn() throws Exception {
    Ino dir = meta.create(ROOT, Ino.ROOT, Name.of("d"), NewInode.directory(0777, 0)).ino();
    Ino sub = meta.create(ROOT, dir, Name.of("sub"), NewInode.directory(0755, 0)).ino();
    meta.create(ROOT, sub, Name.of("link"), NewInode.symlink(new byte[] {'t'}));
    write(0, 0, 100);
    meta.link(ROOT, ino, dir, Name.of("one"));
    meta.link(ROOT, ino, sub, Name.of("two"));
    Ino copy =
        meta.clone(
            USER,
            dir,
            dir,
            Name.of("copy"),
            new Clone.Style(Clone.Ownership.CALLERS, 022),
            TreeWork.QUIET);
    Attr attr = meta.getAttr(copy);
    assertThat(attr.uid()).isEqualTo(1000);
    assertThat(attr.mode()).isEqualTo(0755);
    assertThat(attr.nlink()).isEqualTo(3);
    Ino copiedSub = meta.lookup(ROOT, copy, Name.of("sub")).ino();
    Ino one = meta.lookup(ROOT, copy, Name.of("one")).ino();
    Ino two = meta.lookup(ROOT, copiedSub, Name.of("two")).ino();
    assertThat(one).isNotEqualTo(two).isNotEqualTo(ino);
    assertThat(meta.getAttr(one).nlink()).isEqualTo(1);
    assertThat(meta.readChunk(two, 0)).isEqualTo(chunk(0));
    assertThat(meta.readlink(meta.lookup(ROOT, copiedSub, Name.of("link")).ino()))
        .containsExactly('t');
    assertThat(meta.lookup(ROOT, copy, Name.of("copy"))).isNull();
  }

  @Test
  void manyThreadsCloneAndRemoveATree() throws Exception {
    Ino top = meta.create(ROOT, Ino.ROOT, Name.of("top"), NewInode.directory(0755, 0)).ino();
    for (int d = 0; d < 30; d++) {
      Ino dir = meta.create(ROOT, top, Name.of("d" + d), NewInode.directory(0755, 0)).ino();
      for (int f = 0; f < 3; f++) {
        meta.create(ROOT, dir, Name.of("f" + f), NewInode.file(0644, 0));
      }
    }
    LongAdder found = new LongAdder();
    LongAdder done = new LongAdder();
    TreeWork work =
        new TreeWork(
            4,
            (moreFound, moreDone) -> {
              found.add(moreFound);
              done.add(moreDone);
            });
    Clone.Style style = new Clone.Style(Clone.Ownership.PRESERVED, 0);
    Ino copy = meta.clone(ROOT, top, Ino.ROOT, Name.of("copy"), style, work);
    assertThat(found.sumThenReset()).isEqualTo(121);
    assertThat(done.sumThenReset()).isEqualTo(121);
    assertThat(meta.getAttr(copy).nlink()).isEqualTo(32);
    assertThat(meta.lookup(ROOT, meta.lookup(ROOT, copy, Name.of("d29")).ino(), Name.of("f2")))
        .isNotNull();
    assertThat(meta.removeTree(ROOT, Ino.ROOT, Name.of("copy"), Meta.Disposal.FOR_GOOD, work))
        .isEqualTo(121);
    assertThat(done.sum()).isEqualTo(121);
    assertThat(meta.lookup(ROOT, Ino.ROOT, Name.of("copy"))).isNull();
    assertThat(meta.lookup(ROOT, Ino.ROOT, Name.of("top"))).isNotNull();
  }

  @Test
  void aCloneCanBeStopped() throws Exception {
    Ino top = meta.create(ROOT, Ino.ROOT, Name.of("top"), NewInode.directory(0755, 0)).ino();
    for (int f = 0; f < 10; f++) {
      meta.create(ROOT, top, Name.of("f" + f), NewInode.file(0644, 0));
    }
    long inodes = meta.usage(Ino.ROOT).usedInodes();
    TreeWork stopped =
        new TreeWork(
            2,
            (found, done) -> {
              if (done > 0) {
                throw Errno.EINTR.exception();
              }
            });
    Clone.Style style = new Clone.Style(Clone.Ownership.PRESERVED, 0);
    assertThat(refusal(() -> meta.clone(ROOT, top, Ino.ROOT, Name.of("copy"), style, stopped)))
        .isEqualTo(Errno.EINTR);
    client.jobs().settle();
    assertThat(meta.lookup(ROOT, Ino.ROOT, Name.of("copy"))).isNull();
    assertThat(meta.usage(Ino.ROOT).usedInodes()).isEqualTo(inodes);
  }

  // ---- what tools ask ----

  @Test
  void everyPathOfAnInodeIsFound() throws Exception {
    Ino dir = meta.create(ROOT, Ino.ROOT, Name.of("d"), NewInode.directory(0755, 0)).ino();
    Ino sub = meta.create(ROOT, dir, Name.of("sub"), NewInode.directory(0755, 0)).ino();
    Ino linked = file("linked", 0644);
    meta.link(ROOT, linked, sub, Name.of("x"));
    meta.link(ROOT, linked, sub, Name.of("a"));
    assertThat(meta.paths(Ino.ROOT)).containsExactly("/");
    assertThat(meta.paths(sub)).containsExactly("/d/sub");
    assertThat(meta.paths(linked)).containsExactly("/d/sub/a", "/d/sub/x", "/linked");
    meta.unlink(ROOT, sub, Name.of("a"));
    meta.unlink(ROOT, Ino.ROOT, Name.of("linked"));
    assertThat(meta.paths(linked)).contains("/d/sub/x").doesNotContain("/linked", "/d/sub/a");
    assertThat(refusal(() -> meta.paths(new Ino(123_456)))).isEqualTo(Errno.ENOENT);
  }

  @Test
  void allLocksOfAnInodeAreListed() throws Exception {
    Ino locked = file("locked", 0644);
    assertThat(meta.locks(locked)).isEmpty();
    LockOwner owner = new LockOwner(meta.sessionId(), 7);
    PosixLock range = new PosixLock(true, 42, 1, 3);
    meta.lock(locked, owner, range);
    meta.flock(locked, owner, false);
    assertThat(meta.locks(locked))
        .containsExactly(
            new Meta.HeldLock(locked, owner, null, false),
            new Meta.HeldLock(locked, owner, range, true));
  }

  // ---- refused clones ----

  @Test
  void refusedCloneLeavesNothing() throws Exception {
    write(0, 0, 100);
    file("taken", 0644);
    Ino secret = file("secret", 0600);
    Ino dir = meta.create(ROOT, Ino.ROOT, Name.of("d"), NewInode.directory(0777, 0)).ino();
    meta.create(ROOT, dir, Name.of("a"), NewInode.file(0644, 0));
    meta.link(ROOT, secret, dir, Name.of("secret"));
    long inodes = meta.usage(Ino.ROOT).usedInodes();
    Clone.Style style = new Clone.Style(Clone.Ownership.CALLERS, 022);
    assertThat(refusal(() -> clone(ino, "taken", Clone.Ownership.CALLERS))).isEqualTo(Errno.EEXIST);
    assertThat(refusal(() -> meta.clone(USER, dir, dir, Name.of("copy"), style, TreeWork.QUIET)))
        .isEqualTo(Errno.EACCES);
    client.jobs().settle();
    assertThat(meta.usage(Ino.ROOT).usedInodes()).isEqualTo(inodes);
    try (Engine engine = volume.engine()) {
      assertThat(engine.list(Records.DETACHED, Records.Volume.KEY, null, 9).rows()).isEmpty();
    }
  }

  // ---- locks ----

  @Test
  void locksExcludeAcrossClientsAndGoWithTheirSession() throws Exception {
    TestVolume.Client other = volume.mount();
    LockOwner mine = new LockOwner(meta.sessionId(), 7);
    LockOwner theirs = new LockOwner(other.meta().sessionId(), 7);
    meta.flock(ino, mine, false);
    other.meta().flock(ino, theirs, false);
    assertThat(refusal(() -> meta.flock(ino, mine, true))).isEqualTo(Errno.EAGAIN);
    other.meta().unflock(ino, theirs);
    meta.flock(ino, mine, true);
    assertThat(refusal(() -> other.meta().flock(ino, theirs, false))).isEqualTo(Errno.EAGAIN);

    PosixLock range = new PosixLock(true, 42, 5, 14);
    meta.lock(ino, mine, range);
    assertThat(refusal(() -> other.meta().lock(ino, theirs, new PosixLock(false, 1, 14, 20))))
        .isEqualTo(Errno.EAGAIN);
    assertThat(other.meta().findConflict(ino, theirs, range))
        .isEqualTo(new PosixLock(true, 0, 5, 14));
    assertThat(meta.findConflict(ino, new LockOwner(meta.sessionId(), 8), range)).isEqualTo(range);
    assertThat(meta.findConflict(ino, mine, range)).isNull();
    other.meta().lock(ino, theirs, new PosixLock(false, 1, 15, 20));

    client.close();
    other.meta().flock(ino, theirs, true);
    other.meta().lock(ino, theirs, new PosixLock(true, 1, 0, Long.MAX_VALUE));
    other.meta().unlock(ino, theirs, 0, Long.MAX_VALUE);
    other.meta().unflock(ino, theirs);
    try (Engine engine = volume.engine()) {
      assertThat(engine.scan(Records.FLOCK, null, 9).rows()).isEmpty();
      assertThat(engine.scan(Records.PLOCK, null, 9).rows()).isEmpty();
    }
  }
}
