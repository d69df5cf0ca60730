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
import io.jfs.meta.txn.EngineDump;
import io.jfs.meta.txn.Mutation;
import io.jfs.meta.txn.Observed;
import io.jfs.meta.txn.Ref;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each kind of damage is repaired, and no other record is touched. */
public abstract class RepairsContract {
  private static final Ino FILE = new Ino(2);
  private static final Ino DIR = new Ino(3);
  private static final Ino CHILD = new Ino(4);
  private Engine engine = KvEngine.inMemory();
  private Set<String> sound = Set.of();

  /** An empty engine; the test closes it. */
  protected abstract Engine open();

  @BeforeEach
  void format() throws Exception {
    engine = open();
    new VolumeAdmin(engine).create(VolumeAdmin.defaults("vol"));
    engine.allocate(Records.Sequence.INODE, 100);
    commit(
        put(FILE, attr(FileType.REGULAR, 1, 10, Ino.ROOT)),
        put(DIR, attr(FileType.DIRECTORY, 2, 4096, Ino.ROOT)),
        put(CHILD, attr(FileType.REGULAR, 1, 5000, DIR)),
        put(Ino.ROOT, attr(FileType.DIRECTORY, 3, 4096, Ino.ROOT)),
        entry(Ino.ROOT, "file", FileType.REGULAR, FILE),
        entry(Ino.ROOT, "dir", FileType.DIRECTORY, DIR),
        entry(DIR, "child", FileType.REGULAR, CHILD),
        append(FILE, new Slice(0, 1, 10, 0, 10)),
        append(CHILD, new Slice(0, 2, 5000, 0, 5000)),
        new Mutation.SetCounter<>(Records.DIR_STAT, DIR, new long[] {5000, 8192, 1}),
        new Mutation.Add<>(Records.USED_SPACE, Volume.KEY, new long[] {16384}),
        new Mutation.Add<>(Records.USED_INODES, Volume.KEY, new long[] {3}));
    assertThat(VolumeCheck.run(engine)).isEmpty();
    sound = dump();
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private Set<String> dump() {
    return EngineDump.of(engine, 100).lines().collect(Collectors.toCollection(TreeSet::new));
  }

  /** Records that are not as they were, except some. */
  private Set<String> touched(String... expected) {
    Set<String> now = dump();
    Set<String> lines = new TreeSet<>(now);
    lines.addAll(sound);
    lines.removeIf(line -> now.contains(line) && sound.contains(line));
    lines.removeIf(line -> List.of(expected).stream().anyMatch(line::startsWith));
    return lines;
  }

  private static Attr attr(FileType type, int nlink, long length, Ino parent) {
    Timestamp t = Timestamp.EPOCH;
    return new Attr(type, 0, 0755, 0, 0, t, t, t, nlink, length, 0, parent, 0, 0, 0);
  }

  private static Mutation put(Ino ino, Attr attr) {
    return new Mutation.Put<>(Records.ATTR, ino, attr);
  }

  private static Mutation entry(Ino parent, String name, FileType type, Ino ino) {
    return new Mutation.PutField<>(Records.DENTRY, parent, Name.of(name), new Dentry(type, ino));
  }

  private static Mutation append(Ino ino, Slice slice) {
    return new Mutation.Append<>(Records.CHUNK, new ChunkKey(ino, 0), List.of(slice));
  }

  private void commit(Mutation... mutations) {
    assertThat(engine.commit(new Commit(Map.of(), List.of(mutations))).status())
        .isEqualTo(CommitOutcome.Status.COMMITTED);
  }

  private void repair(Kind... kinds) throws Exception {
    List<Finding> found = VolumeCheck.run(engine);
    assertThat(found).extracting(Finding::kind).containsExactlyInAnyOrder(kinds);
    Repairs repairs = new Repairs(engine);
    for (int round = 0; round < 4 && !found.isEmpty(); round++) {
      for (Finding finding : found) {
        assertThat(repairs.apply(finding)).as("%s", finding).isEqualTo(finding.remedy() != null);
      }
      found = VolumeCheck.run(engine);
    }
    assertThat(found).isEmpty();
  }

  private Attr attrOf(Ino ino) {
    Ref ref = new Ref.OfCell<>(Records.ATTR, ino);
    Observed observed = engine.fetch(List.of(ref)).get(ref);
    assertThat(observed).isNotNull();
    return observed == null ? attr(FileType.FIFO, 0, 0, Ino.NONE) : (Attr) observed.value();
  }

  @Test
  void linkCounts() throws Exception {
    commit(
        put(FILE, attr(FileType.REGULAR, 3, 10, Ino.ROOT)),
        put(DIR, attr(FileType.DIRECTORY, 7, 4096, Ino.ROOT)));
    repair(Kind.WRONG_LINK_COUNT, Kind.WRONG_LINK_COUNT);
    assertThat(dump()).isEqualTo(sound);
  }

  @Test
  void parents() throws Exception {
    commit(put(CHILD, attr(FileType.REGULAR, 1, 5000, Ino.ROOT)));
    repair(Kind.WRONG_PARENT);
    assertThat(dump()).isEqualTo(sound);
  }

  @Test
  void parentTables() throws Exception {
    commit(
        put(FILE, attr(FileType.REGULAR, 2, 10, Ino.NONE)),
        entry(DIR, "hard", FileType.REGULAR, FILE),
        new Mutation.SetCounter<>(Records.DIR_STAT, DIR, new long[] {5010, 12288, 2}),
        new Mutation.PutField<>(Records.PARENT, FILE, Ino.ROOT, 2L));
    repair(Kind.WRONG_PARENT_TABLE);
    assertThat(touched("ATTR(2)", "PARENT(2, ", "DENTRY(3, hard)", "DIR_STAT(3)")).isEmpty();
  }

  @Test
  void typesOfEntries() throws Exception {
    commit(entry(Ino.ROOT, "file", FileType.SYMLINK, FILE));
    repair(Kind.WRONG_TYPE);
    assertThat(dump()).isEqualTo(sound);
  }

  @Test
  void countersAndStatistics() throws Exception {
    commit(
        new Mutation.Add<>(Records.USED_SPACE, Volume.KEY, new long[] {1}),
        new Mutation.Add<>(Records.USED_INODES, Volume.KEY, new long[] {-2}),
        new Mutation.SetCounter<>(Records.DIR_STAT, DIR, new long[] {0, 0, 9}));
    repair(Kind.WRONG_COUNTER, Kind.WRONG_COUNTER, Kind.WRONG_DIR_STAT);
    assertThat(dump()).isEqualTo(sound);
  }

  @Test
  void anEntryThatLeadsToNothingGoes() throws Exception {
    commit(entry(DIR, "gone", FileType.REGULAR, new Ino(99)));
    repair(Kind.DANGLING_ENTRY);
    assertThat(dump()).isEqualTo(sound);
  }

  @Test
  void attributesThatAreMissingAreMadeAnew() throws Exception {
    commit(
        new Mutation.Delete<>(Records.ATTR, FILE),
        new Mutation.Add<>(Records.USED_SPACE, Volume.KEY, new long[] {-4096}),
        new Mutation.Add<>(Records.USED_INODES, Volume.KEY, new long[] {-1}));
    repair(Kind.DANGLING_ENTRY, Kind.CHUNK_WITHOUT_INODE);
    assertThat(attrOf(FILE).lengthBytes()).isEqualTo(10);
    assertThat(attrOf(FILE).nlink()).isEqualTo(1);
    assertThat(attrOf(FILE).mode()).isEqualTo(0644);
    assertThat(touched("ATTR(2)")).isEmpty();
  }

  @Test
  void aDirectoryWithEntriesIsMadeAnew() throws Exception {
    commit(
        new Mutation.Delete<>(Records.ATTR, DIR),
        new Mutation.Add<>(Records.USED_SPACE, Volume.KEY, new long[] {-4096}),
        new Mutation.Add<>(Records.USED_INODES, Volume.KEY, new long[] {-1}));
    List<Finding> found = VolumeCheck.run(engine);
    assertThat(found).extracting(Finding::kind).contains(Kind.DANGLING_ENTRY);
    Repairs repairs = new Repairs(engine);
    for (int round = 0; round < 4 && !found.isEmpty(); round++) {
      for (Finding finding : found) {
        Object unused = repairs.apply(finding);
      }
      found = VolumeCheck.run(engine);
    }
    assertThat(found).isEmpty();
    assertThat(attrOf(DIR).isDirectory()).isTrue();
    assertThat(attrOf(DIR).mode()).isEqualTo(0755);
    assertThat(new InodePaths(engine).of(CHILD)).containsExactly("/dir/child");
    assertThat(touched("ATTR(3)", "ATTR(1)")).isEmpty();
  }

  @Test
  void whatHasNoEntryGoesToLostAndFound() throws Exception {
    Ino file = new Ino(50);
    Ino dir = new Ino(51);
    commit(
        put(file, attr(FileType.REGULAR, 2, 10, DIR)),
        put(dir, attr(FileType.DIRECTORY, 2, 4096, DIR)),
        new Mutation.Add<>(Records.USED_SPACE, Volume.KEY, new long[] {8192}),
        new Mutation.Add<>(Records.USED_INODES, Volume.KEY, new long[] {2}));
    List<Finding> found = VolumeCheck.run(engine);
    Repairs repairs = new Repairs(engine);
    for (int round = 0; round < 4 && !found.isEmpty(); round++) {
      for (Finding finding : found) {
        Object unused = repairs.apply(finding);
      }
      found = VolumeCheck.run(engine);
    }
    assertThat(found).isEmpty();
    InodePaths paths = new InodePaths(engine);
    assertThat(paths.of(file)).containsExactly("/lost+found/#50");
    assertThat(paths.of(dir)).containsExactly("/lost+found/#51");
    assertThat(paths.of(CHILD)).containsExactly("/dir/child");
    String folder = "ATTR(" + paths.find("/lost+found") + ")";
    assertThat(touched("ATTR(50)", "ATTR(51)", folder, "ATTR(1)", "DENTRY(", "USED_", "DIR_STAT("))
        .isEmpty();
    assertThat(dump()).containsAll(sound.stream().filter(l -> l.startsWith("DENTRY(")).toList());
  }

  @Test
  void anUnlinkedInodeThatNobodyHoldsGoesWithItsData() throws Exception {
    Ino orphan = new Ino(50);
    commit(
        put(orphan, attr(FileType.REGULAR, 0, 10, DIR)),
        append(orphan, new Slice(0, 7, 10, 0, 10)),
        new Mutation.Add<>(Records.USED_SPACE, Volume.KEY, new long[] {4096}),
        new Mutation.Add<>(Records.USED_INODES, Volume.KEY, new long[] {1}));
    repair(Kind.ORPHAN_INODE);
    assertThat(touched("DELETED_FILE(", "CHUNK(" + new ChunkKey(orphan, 0))).isEmpty();
  }

  @Test
  void whatIsUnlinkedAndHeldByNobodyGoes() throws Exception {
    Ino gone = new Ino(50);
    commit(
        put(gone, attr(FileType.REGULAR, 0, 10, DIR)),
        new Mutation.PutField<>(Records.SUSTAINED, 7L, gone, true),
        new Mutation.PutField<>(Records.FLOCK, FILE, new LockOwner(7, 1), true),
        new Mutation.Add<>(Records.USED_SPACE, Volume.KEY, new long[] {4096}),
        new Mutation.Add<>(Records.USED_INODES, Volume.KEY, new long[] {1}));
    repair(Kind.SUSTAINED_WITHOUT_SESSION, Kind.LOCK_WITHOUT_SESSION);
    assertThat(dump())
        .filteredOn(line -> !line.startsWith("DELETED_FILE"))
        .isEqualTo(List.copyOf(sound));
  }

  @Test
  void sliceReferences() throws Exception {
    commit(
        append(CHILD, new Slice(0, 1, 10, 0, 10)),
        new Mutation.SetCounter<>(Records.SLICE_REF, new SliceId(2, 5000), new long[] {4}),
        new Mutation.SetCounter<>(Records.SLICE_REF, new SliceId(9, 9), new long[] {0}));
    repair(Kind.SLICE_IN_DANGER, Kind.SLICE_LEAKED, Kind.SLICE_LEAKED);
    assertThat(dump())
        .anyMatch(
            line -> line.startsWith("SLICE_REF(") && line.contains("id=1") && line.contains("1"));
    assertThat(VolumeCheck.slices(engine, ino -> true).needed())
        .containsExactlyInAnyOrder(new SliceId(1, 10), new SliceId(2, 5000));
    assertThat(touched("SLICE_REF(", "CHUNK(" + new ChunkKey(CHILD, 0))).isEmpty();
  }

  @Test
  void aLivingFileIsNotDeleted() throws Exception {
    commit(
        new Mutation.PutField<>(Records.DELETED_FILE, Volume.KEY, new DeletedFile(FILE, 10), 1L));
    repair(Kind.DELETED_BUT_ALIVE);
    assertThat(dump()).isEqualTo(sound);
  }

  @Test
  void leftovers() throws Exception {
    commit(
        new Mutation.PutField<>(Records.XATTR, new Ino(99), Name.of("user.x"), new byte[1]),
        new Mutation.PutField<>(Records.PARENT, new Ino(98), Ino.ROOT, 1L),
        new Mutation.SetCounter<>(Records.DIR_STAT, new Ino(97), new long[3]));
    repair(Kind.LEFTOVER, Kind.LEFTOVER, Kind.LEFTOVER);
    assertThat(dump()).isEqualTo(sound);
  }

  @Test
  void whatHasChangedSinceIsLeftAlone() throws Exception {
    commit(put(FILE, attr(FileType.REGULAR, 3, 10, Ino.ROOT)));
    List<Finding> found = VolumeCheck.run(engine);
    commit(put(FILE, attr(FileType.REGULAR, 1, 10, Ino.ROOT)));
    assertThat(found).hasSize(1);
    assertThat(new Repairs(engine).apply(found.get(0))).isFalse();
    assertThat(dump()).isEqualTo(sound);
  }

  @Test
  void onlyWhatTwoLooksSayAlikeIsConfirmed() {
    commit(
        new Mutation.Add<>(Records.USED_INODES, Volume.KEY, new long[] {1}),
        put(FILE, attr(FileType.REGULAR, 3, 10, Ino.ROOT)));
    List<Finding> first = VolumeCheck.run(engine);
    commit(new Mutation.Add<>(Records.USED_INODES, Volume.KEY, new long[] {1}));
    List<Finding> confirmed = VolumeCheck.confirmed(first, VolumeCheck.run(engine));
    assertThat(confirmed).extracting(Finding::kind).containsExactly(Kind.WRONG_LINK_COUNT);
  }
}
