package io.jfs.meta.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.admin.Finding.Kind;
import io.jfs.meta.engine.kv.KvEngine;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.LockOwner;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.SliceId;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Records.DeletedFile;
import io.jfs.meta.record.Records.Volume;
import io.jfs.meta.txn.Commit;
import io.jfs.meta.txn.CommitOutcome;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.Mutation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each kind of damage is found, and nothing else. */
class VolumeCheckTest {
  private static final Ino FILE = new Ino(2);
  private static final Ino DIR = new Ino(3);
  private final Engine engine = KvEngine.inMemory();

  @BeforeEach
  void format() throws Exception {
    new VolumeAdmin(engine).create(VolumeAdmin.defaults("vol"));
    commit(
        new Mutation.Put<>(Records.ATTR, FILE, attr(FileType.REGULAR, 1, 10, Ino.ROOT)),
        new Mutation.Put<>(Records.ATTR, DIR, attr(FileType.DIRECTORY, 2, 4096, Ino.ROOT)),
        new Mutation.Put<>(Records.ATTR, Ino.ROOT, attr(FileType.DIRECTORY, 3, 4096, Ino.ROOT)),
        entry(Ino.ROOT, "file", FileType.REGULAR, FILE),
        entry(Ino.ROOT, "dir", FileType.DIRECTORY, DIR),
        new Mutation.Append<>(
            Records.CHUNK, new ChunkKey(FILE, 0), List.of(new Slice(0, 1, 10, 0, 10))),
        new Mutation.Add<>(Records.USED_SPACE, Volume.KEY, new long[] {8192}),
        new Mutation.Add<>(Records.USED_INODES, Volume.KEY, new long[] {2}));
    assertThat(VolumeCheck.run(engine)).isEmpty();
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private static Attr attr(FileType type, int nlink, long length, Ino parent) {
    Timestamp t = Timestamp.EPOCH;
    return new Attr(type, 0, 0755, 0, 0, t, t, t, nlink, length, 0, parent, 0, 0, 0);
  }

  private static Mutation entry(Ino parent, String name, FileType type, Ino ino) {
    return new Mutation.PutField<>(Records.DENTRY, parent, Name.of(name), new Dentry(type, ino));
  }

  private void commit(Mutation... mutations) {
    assertThat(engine.commit(new Commit(Map.of(), List.of(mutations))).status())
        .isEqualTo(CommitOutcome.Status.COMMITTED);
  }

  private void assertFound(Kind... kinds) {
    assertThat(VolumeCheck.run(engine)).extracting(Finding::kind).containsExactlyInAnyOrder(kinds);
  }

  @Test
  void danglingEntry() {
    commit(entry(DIR, "x", FileType.REGULAR, new Ino(99)));
    assertFound(Kind.DANGLING_ENTRY);
  }

  @Test
  void entryOutsideADirectory() {
    commit(
        entry(new Ino(77), "x", FileType.REGULAR, FILE),
        new Mutation.Put<>(Records.ATTR, FILE, attr(FileType.REGULAR, 2, 10, Ino.NONE)),
        new Mutation.PutField<>(Records.PARENT, FILE, Ino.ROOT, 1L),
        new Mutation.PutField<>(Records.PARENT, FILE, new Ino(77), 1L));
    assertFound(Kind.ENTRY_OUTSIDE_DIRECTORY);
  }

  @Test
  void wrongTypeParentAndLinks() {
    commit(entry(Ino.ROOT, "file", FileType.SYMLINK, FILE));
    assertFound(Kind.WRONG_TYPE);
    commit(
        entry(Ino.ROOT, "file", FileType.REGULAR, FILE),
        new Mutation.Put<>(Records.ATTR, FILE, attr(FileType.REGULAR, 3, 10, DIR)));
    assertFound(Kind.WRONG_PARENT, Kind.WRONG_LINK_COUNT);
    commit(new Mutation.Put<>(Records.ATTR, FILE, attr(FileType.REGULAR, 1, 10, Ino.NONE)));
    assertFound(Kind.WRONG_PARENT_TABLE);
  }

  @Test
  void orphansUnlessHeldOpen() {
    commit(
        new Mutation.RemoveField<>(Records.DENTRY, Ino.ROOT, Name.of("file")),
        new Mutation.Put<>(Records.ATTR, FILE, attr(FileType.REGULAR, 0, 10, Ino.ROOT)));
    assertFound(Kind.ORPHAN_INODE);
    commit(new Mutation.PutField<>(Records.SUSTAINED, 5L, FILE, true));
    assertFound(Kind.SUSTAINED_WITHOUT_SESSION);
    commit(new Mutation.PutField<>(Records.SESSION_EXPIRY, Volume.KEY, 5L, 1L));
    assertFound();
    commit(new Mutation.PutField<>(Records.SUSTAINED, 5L, new Ino(99), true));
    assertFound(Kind.SUSTAINED_WITHOUT_INODE);
  }

  @Test
  void loopOfDirectories() {
    Ino other = new Ino(4);
    commit(
        new Mutation.RemoveField<>(Records.DENTRY, Ino.ROOT, Name.of("dir")),
        new Mutation.Put<>(Records.ATTR, Ino.ROOT, attr(FileType.DIRECTORY, 2, 4096, Ino.ROOT)),
        new Mutation.Put<>(Records.ATTR, DIR, attr(FileType.DIRECTORY, 3, 4096, other)),
        new Mutation.Put<>(Records.ATTR, other, attr(FileType.DIRECTORY, 3, 4096, DIR)),
        entry(DIR, "x", FileType.DIRECTORY, other),
        entry(other, "y", FileType.DIRECTORY, DIR),
        new Mutation.Add<>(Records.USED_SPACE, Volume.KEY, new long[] {4096}),
        new Mutation.Add<>(Records.USED_INODES, Volume.KEY, new long[] {1}));
    assertFound(Kind.UNREACHABLE_DIRECTORY, Kind.UNREACHABLE_DIRECTORY);
  }

  @Test
  void countersAndStatistics() {
    commit(
        new Mutation.Add<>(Records.USED_SPACE, Volume.KEY, new long[] {1}),
        new Mutation.SetCounter<>(Records.DIR_STAT, DIR, new long[] {0, 4096, 1}),
        new Mutation.SetCounter<>(Records.DIR_STAT, new Ino(99), new long[3]));
    assertFound(Kind.WRONG_COUNTER, Kind.WRONG_DIR_STAT, Kind.LEFTOVER);
  }

  @Test
  void sliceReferences() {
    SliceId slice = new SliceId(1, 10);
    commit(new Mutation.SetCounter<>(Records.SLICE_REF, slice, new long[] {0}));
    assertFound();
    commit(new Mutation.SetCounter<>(Records.SLICE_REF, slice, new long[] {1}));
    assertFound(Kind.SLICE_LEAKED);
    commit(new Mutation.SetCounter<>(Records.SLICE_REF, slice, new long[] {-1}));
    assertFound(Kind.SLICE_IN_DANGER);
    commit(
        new Mutation.DeleteCounter<>(Records.SLICE_REF, slice),
        new Mutation.Append<>(
            Records.CHUNK, new ChunkKey(FILE, 1), List.of(new Slice(0, 1, 10, 5, 5))));
    assertFound(Kind.SLICE_IN_DANGER);
    commit(new Mutation.SetCounter<>(Records.SLICE_REF, new SliceId(8, 8), new long[] {-1}));
    assertFound(Kind.SLICE_IN_DANGER);
  }

  @Test
  void chunksOfNothing() {
    ChunkKey chunk = new ChunkKey(new Ino(99), 0);
    commit(new Mutation.Append<>(Records.CHUNK, chunk, List.of(new Slice(0, 7, 5, 0, 5))));
    assertFound(Kind.CHUNK_WITHOUT_INODE);
    DeletedFile file = new DeletedFile(new Ino(99), 5);
    commit(new Mutation.PutField<>(Records.DELETED_FILE, Volume.KEY, file, 1L));
    assertFound();
    commit(
        new Mutation.PutField<>(Records.DELETED_FILE, Volume.KEY, new DeletedFile(FILE, 10), 1L));
    assertFound(Kind.DELETED_BUT_ALIVE);
  }

  @Test
  void impossibleSliceRecord() {
    commit(
        new Mutation.Append<>(
            Records.CHUNK, new ChunkKey(FILE, 1), List.of(new Slice(0, 9, 5, 3, 5))));
    assertFound(Kind.BAD_SLICE_RECORD);
  }

  @Test
  void leftovers() {
    commit(
        new Mutation.PutField<>(Records.XATTR, new Ino(99), Name.of("user.x"), new byte[1]),
        new Mutation.Put<>(Records.SYMLINK, FILE, new byte[1]),
        new Mutation.PutField<>(Records.PARENT, new Ino(98), Ino.ROOT, 1L),
        new Mutation.PutField<>(Records.FLOCK, FILE, new LockOwner(6, 1), true));
    assertFound(Kind.LEFTOVER, Kind.SYMLINK_MISMATCH, Kind.LEFTOVER, Kind.LOCK_WITHOUT_SESSION);
  }
}
