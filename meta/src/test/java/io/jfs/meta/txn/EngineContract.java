package io.jfs.meta.txn;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.LockOwner;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.PosixLock;
import io.jfs.meta.model.QuotaKey;
import io.jfs.meta.model.QuotaLimits;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.SliceId;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Records.Lease;
import io.jfs.meta.record.Records.Sequence;
import io.jfs.meta.record.Records.Volume;
import io.jfs.meta.record.Table;
import io.jfs.meta.txn.CommitOutcome.Status;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every engine owes to the code above the seam. Each engine's test extends it. */
public abstract class EngineContract {
  private static final Ino DIR = new Ino(2);
  private static final Ino FILE = new Ino(3);
  private static final Name NAME = Name.of("name");
  private static final Dentry DENTRY = new Dentry(FileType.REGULAR, FILE);
  private static final ChunkKey CHUNK = new ChunkKey(FILE, 0);

  private final List<Engine> opened = new ArrayList<>();

  /**
   * A client of the volume under test, which is empty at the first call of each test; further calls
   * are further clients of the same volume. The contract closes them.
   */
  protected abstract Engine open();

  /**
   * Whether a commit goes through when an observed log has only grown. An engine that knows no more
   * than "the log changed" may refuse; it then says false.
   */
  protected boolean seesLogGrowthAsHarmless() {
    return true;
  }

  /** How many rounds the races run. */
  protected int raceRounds() {
    return 300;
  }

  private Engine engine() {
    return opened.isEmpty() ? client() : opened.get(0);
  }

  private Engine client() {
    Engine engine = open();
    opened.add(engine);
    return engine;
  }

  @AfterEach
  void closeClients() {
    opened.forEach(Engine::close);
  }

  // ---- helpers ----

  static Attr attr(long lengthBytes) {
    Timestamp t = new Timestamp(1_800_000_000L, 1);
    return new Attr(FileType.REGULAR, 0, 0644, 1, 2, t, t, t, 1, lengthBytes, 0, DIR, 0, 0, 0);
  }

  static Slice slice(long id) {
    return new Slice(0, id, 10, 0, 10);
  }

  private static Ref attrRef(Ino ino) {
    return new Ref.OfCell<>(Records.ATTR, ino);
  }

  private static Ref dentryRef(Ino dir, Name name) {
    return new Ref.OfField<>(Records.DENTRY, dir, name);
  }

  private static Ref emptiness(Ino dir) {
    return new Ref.OfEmptiness<>(Records.DENTRY, dir);
  }

  private static Mutation putAttr(Ino ino, long length) {
    return new Mutation.Put<>(Records.ATTR, ino, attr(length));
  }

  private static Mutation putDentry(Ino dir, Name name) {
    return new Mutation.PutField<>(Records.DENTRY, dir, name, DENTRY);
  }

  private static Mutation append(Slice... slices) {
    return new Mutation.Append<>(Records.CHUNK, CHUNK, List.of(slices));
  }

  private static Ref logRef() {
    return new Ref.OfLog<>(Records.CHUNK, CHUNK);
  }

  private void write(Mutation... mutations) {
    assertThat(commit(Map.of(), mutations)).isEqualTo(Status.COMMITTED);
  }

  private Status commit(Map<Ref, Observed> observed, Mutation... mutations) {
    return engine().commit(new Commit(observed, List.of(mutations))).status();
  }

  private Object value(Ref ref) {
    Observed observed = engine().fetch(List.of(ref)).get(ref);
    assertThat(observed).as("answer to " + ref).isNotNull();
    return observed.value();
  }

  private long[] counter(Ref ref) {
    return (long[]) value(ref);
  }

  /** Observes, lets a second client change something, and tries to commit on the observation. */
  private Status commitAfter(Ref ref, Mutation... interference) {
    Map<Ref, Observed> seen = engine().fetch(List.of(ref));
    if (interference.length > 0) {
      Engine other = opened.size() > 1 ? opened.get(1) : client();
      assertThat(other.commit(new Commit(Map.of(), List.of(interference))).status())
          .isEqualTo(Status.COMMITTED);
    }
    return commit(seen, putAttr(new Ino(99), 1));
  }

  // ---- fetch ----

  @Test
  void absenceIsAnAnswer() {
    List<Ref> refs =
        List.of(
            attrRef(FILE),
            dentryRef(DIR, NAME),
            new Ref.OfRows<>(Records.XATTR, FILE),
            new Ref.OfRows<>(Records.FLOCK, FILE),
            emptiness(DIR),
            logRef(),
            new Ref.OfCounter<>(Records.DIR_STAT, DIR),
            new Ref.OfChunkIndexes(Records.CHUNK, FILE, 0, 100));
    Map<Ref, Observed> answer = engine().fetch(refs);
    assertThat(answer.keySet()).containsExactlyInAnyOrderElementsOf(refs);
    assertThat(answer.get(refs.get(0)).value()).isNull();
    assertThat(answer.get(refs.get(1)).value()).isNull();
    assertThat(answer.get(refs.get(2)).value()).isEqualTo(Map.of());
    assertThat(answer.get(refs.get(3)).value()).isEqualTo(Map.of());
    assertThat(answer.get(refs.get(4)).value()).isEqualTo(true);
    assertThat(answer.get(refs.get(5)).value()).isEqualTo(List.of());
    assertThat(answer.get(refs.get(6)).value()).isNull();
    assertThat(answer.get(refs.get(7)).value()).isEqualTo(List.of());
    assertThat(commit(answer, putAttr(FILE, 1))).isEqualTo(Status.COMMITTED);
  }

  @Test
  void fetchOfNothing() {
    assertThat(engine().fetch(List.of())).isEmpty();
    assertThat(commit(Map.of())).isEqualTo(Status.COMMITTED);
  }

  @Test
  void chainBringsEntryAndAttributes() {
    write(putDentry(DIR, NAME), putAttr(FILE, 7));
    Ref.OfAttrBehind chain = new Ref.OfAttrBehind(DIR, NAME);
    Map<Ref, Observed> answer = engine().fetch(List.of(attrRef(DIR), chain));
    assertThat(answer.keySet())
        .containsExactlyInAnyOrder(attrRef(DIR), dentryRef(DIR, NAME), attrRef(FILE));
    assertThat(answer.get(dentryRef(DIR, NAME)).value()).isEqualTo(DENTRY);
    assertThat(answer.get(attrRef(FILE)).value()).isEqualTo(attr(7));
    assertThat(commit(answer, putAttr(FILE, 8))).isEqualTo(Status.COMMITTED);
    assertThat(commit(answer, putAttr(FILE, 9))).isEqualTo(Status.CONFLICT);
    assertThat(value(attrRef(FILE))).isEqualTo(attr(8));
  }

  @Test
  void chainOverAMissingName() {
    Map<Ref, Observed> answer =
        engine().fetch(List.of(new Ref.OfAttrBehind(DIR, NAME), attrRef(FILE)));
    assertThat(answer.keySet()).containsExactlyInAnyOrder(dentryRef(DIR, NAME), attrRef(FILE));
    assertThat(answer.get(dentryRef(DIR, NAME)).value()).isNull();
  }

  @Test
  void chainToAMissingInode() {
    write(putDentry(DIR, NAME));
    Map<Ref, Observed> answer = engine().fetch(List.of(new Ref.OfAttrBehind(DIR, NAME)));
    assertThat(answer.keySet()).containsExactlyInAnyOrder(dentryRef(DIR, NAME), attrRef(FILE));
    assertThat(answer.get(attrRef(FILE)).value()).isNull();
  }

  @Test
  void manyAtOnce() {
    List<Ref> refs = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      Ino ino = new Ino(1000 + i);
      write(putAttr(ino, i));
      refs.add(attrRef(ino));
    }
    Map<Ref, Observed> answer = engine().fetch(refs);
    assertThat(answer).hasSize(300);
    for (int i = 0; i < 300; i++) {
      assertThat(answer.get(refs.get(i)).value()).isEqualTo(attr(i));
    }
  }

  @Test
  void chunkIndexesAreSortedAndBounded() {
    for (int index : new int[] {0, 3, 200, 70_000}) {
      write(
          new Mutation.Append<>(
              Records.CHUNK, new ChunkKey(FILE, index), List.of(slice(index + 1))));
    }
    assertThat(value(new Ref.OfChunkIndexes(Records.CHUNK, FILE, 0, 1 << 20)))
        .isEqualTo(List.of(0, 3, 200, 70_000));
    assertThat(value(new Ref.OfChunkIndexes(Records.CHUNK, FILE, 1, 200))).isEqualTo(List.of(3));
  }

  // ---- every record, there and back ----

  @Test
  void everyShapeComesBackAsItWas() {
    byte[] raw = {0, 1, (byte) 0xFF, '/', '\n'};
    Name odd = Name.stored(new byte[] {(byte) 0xFF, (byte) 0xFE, ' ', '\'', '"', '{', 7});
    LockOwner owner = new LockOwner(7, 0xFEDCBA9876543210L);
    QuotaKey quota = new QuotaKey(QuotaKey.Kind.USER, 1000);
    Ino big = new Ino(0x7FFFFFFF10000001L);
    write(
        new Mutation.Put<>(Records.SETTING, Volume.KEY, raw),
        new Mutation.Put<>(Records.ATTR, big, attr(5).edit().parent(Ino.TRASH_ROOT).build()),
        new Mutation.PutField<>(
            Records.DENTRY, big, odd, new Dentry(FileType.DIRECTORY, new Ino(1L << 60))),
        new Mutation.Put<>(Records.SYMLINK, FILE, raw),
        new Mutation.PutField<>(Records.XATTR, FILE, odd, raw),
        new Mutation.PutField<>(Records.PARENT, FILE, DIR, 3L),
        new Mutation.PutField<>(
            Records.DELETED_FILE, Volume.KEY, new Records.DeletedFile(FILE, 1L << 40), 99L),
        new Mutation.PutField<>(Records.SESSION_EXPIRY, Volume.KEY, 4L, 100L),
        new Mutation.PutField<>(Records.SESSION, Volume.KEY, 4L, raw),
        new Mutation.PutField<>(Records.SUSTAINED, 4L, FILE, true),
        new Mutation.PutField<>(Records.FLOCK, FILE, owner, false),
        new Mutation.PutField<>(
            Records.PLOCK, FILE, owner, List.of(new PosixLock(true, 9, 0, Long.MAX_VALUE))),
        new Mutation.Put<>(Records.LEASE, Lease.CLEANUP_TRASH, 123L),
        new Mutation.PutField<>(Records.DETACHED, Volume.KEY, FILE, 5L),
        new Mutation.Put<>(Records.QUOTA, quota, new QuotaLimits(-1, 10)),
        new Mutation.SetCounter<>(Records.QUOTA_USED, quota, new long[] {4096, 1}));
    assertThat((byte[]) value(new Ref.OfCell<>(Records.SETTING, Volume.KEY))).isEqualTo(raw);
    assertThat(value(attrRef(big))).isEqualTo(attr(5).edit().parent(Ino.TRASH_ROOT).build());
    assertThat(value(dentryRef(big, odd)))
        .isEqualTo(new Dentry(FileType.DIRECTORY, new Ino(1L << 60)));
    assertThat((byte[]) value(new Ref.OfField<>(Records.XATTR, FILE, odd))).isEqualTo(raw);
    assertThat(value(new Ref.OfRows<>(Records.PARENT, FILE))).isEqualTo(Map.of(DIR, 3L));
    assertThat(value(new Ref.OfRows<>(Records.FLOCK, FILE))).isEqualTo(Map.of(owner, false));
    assertThat(value(new Ref.OfField<>(Records.PLOCK, FILE, owner)))
        .isEqualTo(List.of(new PosixLock(true, 9, 0, Long.MAX_VALUE)));
    assertThat(value(new Ref.OfCell<>(Records.LEASE, Lease.CLEANUP_TRASH))).isEqualTo(123L);
    assertThat(value(new Ref.OfCell<>(Records.QUOTA, quota))).isEqualTo(new QuotaLimits(-1, 10));
    assertThat(counter(new Ref.OfCounter<>(Records.QUOTA_USED, quota))).containsExactly(4096, 1);
    String dump = EngineDump.of(engine(), 2);
    assertThat(dump).isEqualTo(EngineDump.of(engine(), 1000));
    assertThat(dump.lines().filter(line -> line.contains("QUOTA("))).hasSize(1);
    assertThat(dump.lines()).hasSize(16);
  }

  // ---- observations ----

  @Test
  void anUnchangedValueHolds() {
    write(putAttr(FILE, 1));
    assertThat(commitAfter(attrRef(FILE))).isEqualTo(Status.COMMITTED);
    assertThat(commitAfter(attrRef(FILE), putAttr(DIR, 5))).isEqualTo(Status.COMMITTED);
  }

  @Test
  void aChangedValueConflicts() {
    write(putAttr(FILE, 1));
    assertThat(commitAfter(attrRef(FILE), putAttr(FILE, 2))).isEqualTo(Status.CONFLICT);
    assertThat(commitAfter(attrRef(FILE), new Mutation.Delete<>(Records.ATTR, FILE)))
        .isEqualTo(Status.CONFLICT);
    assertThat(commitAfter(attrRef(FILE), putAttr(FILE, 3))).isEqualTo(Status.CONFLICT);
    assertThat(value(attrRef(new Ino(99)))).as("nothing of a refused commit is done").isNull();
  }

  @Test
  void anAppearedFieldConflicts() {
    assertThat(commitAfter(dentryRef(DIR, NAME), putDentry(DIR, Name.of("other"))))
        .isEqualTo(Status.COMMITTED);
    assertThat(commitAfter(dentryRef(DIR, NAME), putDentry(DIR, NAME))).isEqualTo(Status.CONFLICT);
    assertThat(
            commitAfter(
                dentryRef(DIR, NAME), new Mutation.RemoveField<>(Records.DENTRY, DIR, NAME)))
        .isEqualTo(Status.CONFLICT);
  }

  @Test
  void emptinessIsObserved() {
    assertThat(commitAfter(emptiness(DIR))).isEqualTo(Status.COMMITTED);
    assertThat(commitAfter(emptiness(DIR), putDentry(new Ino(77), NAME)))
        .isEqualTo(Status.COMMITTED);
    assertThat(commitAfter(emptiness(DIR), putDentry(DIR, NAME))).isEqualTo(Status.CONFLICT);
    assertThat(value(emptiness(DIR))).isEqualTo(false);
    assertThat(commitAfter(emptiness(DIR))).as("still not empty").isEqualTo(Status.COMMITTED);
    assertThat(commitAfter(emptiness(DIR), new Mutation.RemoveField<>(Records.DENTRY, DIR, NAME)))
        .isEqualTo(Status.CONFLICT);
  }

  @Test
  void emptinessOfAPackedTableIsObserved() {
    Ref ref = new Ref.OfEmptiness<>(Records.FLOCK, FILE);
    Mutation lock = new Mutation.PutField<>(Records.FLOCK, FILE, new LockOwner(1, 2), true);
    assertThat(commitAfter(ref)).isEqualTo(Status.COMMITTED);
    assertThat(commitAfter(ref, lock)).isEqualTo(Status.CONFLICT);
    assertThat(value(ref)).isEqualTo(false);
  }

  @Test
  void rowsAreObserved() {
    for (Table<Ino, Name, byte[]> table : List.of(Records.XATTR)) {
      Ref ref = new Ref.OfRows<>(table, FILE);
      Name a = Name.of("user.a");
      Name b = Name.of("user.b");
      assertThat(commitAfter(ref)).isEqualTo(Status.COMMITTED);
      assertThat(commitAfter(ref, new Mutation.PutField<>(table, FILE, a, new byte[] {1})))
          .as("appeared in an empty table")
          .isEqualTo(Status.CONFLICT);
      assertThat(commitAfter(ref)).isEqualTo(Status.COMMITTED);
      assertThat(commitAfter(ref, new Mutation.PutField<>(table, DIR, a, new byte[] {1})))
          .isEqualTo(Status.COMMITTED);
      assertThat(commitAfter(ref, new Mutation.PutField<>(table, FILE, a, new byte[] {2})))
          .as("changed")
          .isEqualTo(Status.CONFLICT);
      assertThat(commitAfter(ref, new Mutation.PutField<>(table, FILE, b, new byte[] {2})))
          .as("appeared")
          .isEqualTo(Status.CONFLICT);
      assertThat(commitAfter(ref, new Mutation.RemoveField<>(table, FILE, a)))
          .as("vanished")
          .isEqualTo(Status.CONFLICT);
    }
  }

  @Test
  void lockTablesAreObserved() {
    LockOwner one = new LockOwner(1, 1);
    LockOwner two = new LockOwner(2, 1);
    Ref ref = new Ref.OfRows<>(Records.FLOCK, FILE);
    assertThat(commitAfter(ref, new Mutation.PutField<>(Records.FLOCK, FILE, one, false)))
        .isEqualTo(Status.CONFLICT);
    assertThat(commitAfter(ref, new Mutation.PutField<>(Records.FLOCK, FILE, two, false)))
        .isEqualTo(Status.CONFLICT);
    assertThat(value(ref)).isEqualTo(Map.of(one, false, two, false));
    assertThat(commitAfter(ref, new Mutation.RemoveField<>(Records.FLOCK, FILE, one)))
        .isEqualTo(Status.CONFLICT);
    assertThat(commitAfter(ref)).isEqualTo(Status.COMMITTED);
    assertThat(commitAfter(ref, new Mutation.Clear<>(Records.FLOCK, FILE)))
        .isEqualTo(Status.CONFLICT);
    assertThat(value(ref)).isEqualTo(Map.of());
  }

  @Test
  void theHeadOfALogIsObserved() {
    assertThat(commitAfter(logRef())).isEqualTo(Status.COMMITTED);
    write(append(slice(1), slice(2)));
    assertThat(commitAfter(logRef())).isEqualTo(Status.COMMITTED);
    if (seesLogGrowthAsHarmless()) {
      assertThat(commitAfter(logRef(), append(slice(3)))).isEqualTo(Status.COMMITTED);
    }
    Map<Ref, Observed> seen = engine().fetch(List.of(logRef()));
    int count = ((List<?>) seen.get(logRef()).value()).size();
    Mutation compaction =
        new Mutation.ReplaceHead<>(Records.CHUNK, CHUNK, count, List.of(slice(9)));
    assertThat(commitAfter(logRef(), compaction)).isEqualTo(Status.CONFLICT);
    assertThat(commitAfter(logRef(), new Mutation.DeleteLog<>(Records.CHUNK, CHUNK)))
        .isEqualTo(Status.CONFLICT);
  }

  @Test
  void countersAreObserved() {
    Ref ref = new Ref.OfCounter<>(Records.DIR_STAT, DIR);
    assertThat(commitAfter(ref)).isEqualTo(Status.COMMITTED);
    assertThat(
            commitAfter(
                ref, new Mutation.SetCounter<>(Records.DIR_STAT, DIR, new long[] {1, 2, 3})))
        .isEqualTo(Status.CONFLICT);
    assertThat(commitAfter(ref)).isEqualTo(Status.COMMITTED);
    assertThat(commitAfter(ref, new Mutation.Add<>(Records.DIR_STAT, DIR, new long[] {0, 1, 0})))
        .isEqualTo(Status.CONFLICT);
    assertThat(commitAfter(ref, new Mutation.DeleteCounter<>(Records.DIR_STAT, DIR)))
        .isEqualTo(Status.CONFLICT);
  }

  @Test
  void aCommitWithoutChangesConfirms() {
    write(putAttr(FILE, 1));
    Map<Ref, Observed> seen = engine().fetch(List.of(attrRef(FILE), emptiness(DIR)));
    assertThat(commit(seen)).isEqualTo(Status.COMMITTED);
    write(putDentry(DIR, NAME));
    assertThat(commit(seen)).isEqualTo(Status.CONFLICT);
  }

  @Test
  void freshValuesOfAConflictAreCurrent() {
    write(putAttr(FILE, 1));
    Map<Ref, Observed> seen =
        engine().fetch(List.of(attrRef(FILE), emptiness(DIR), logRef(), dentryRef(DIR, NAME)));
    write(putAttr(FILE, 2));
    write(putDentry(DIR, NAME));
    CommitOutcome refused = engine().commit(new Commit(seen, List.of(putAttr(FILE, 3))));
    assertThat(refused.status()).isEqualTo(Status.CONFLICT);
    Map<Ref, Observed> current = engine().fetch(seen.keySet());
    refused
        .fresh()
        .forEach((ref, fresh) -> assertThat(fresh.value()).isEqualTo(current.get(ref).value()));
    assertThat(commit(refused.fresh(), putAttr(FILE, 4))).isEqualTo(Status.COMMITTED);
  }

  // ---- mutations ----

  @Test
  void cellsAndFields() {
    write(putAttr(FILE, 1), putDentry(DIR, NAME));
    assertThat(value(attrRef(FILE))).isEqualTo(attr(1));
    write(
        new Mutation.Delete<>(Records.ATTR, FILE),
        new Mutation.RemoveField<>(Records.DENTRY, DIR, NAME));
    assertThat(value(attrRef(FILE))).isNull();
    assertThat(value(emptiness(DIR))).isEqualTo(true);
    write(
        new Mutation.Delete<>(Records.ATTR, FILE),
        new Mutation.RemoveField<>(Records.DENTRY, DIR, NAME));
  }

  @Test
  void clearTakesFieldsThatWereNeverRead() {
    Name a = Name.of("user.a");
    Name b = Name.of("user.b");
    write(
        new Mutation.PutField<>(Records.XATTR, FILE, a, new byte[] {1}),
        new Mutation.PutField<>(Records.XATTR, FILE, b, new byte[] {2}),
        new Mutation.PutField<>(Records.XATTR, DIR, a, new byte[] {3}));
    write(
        new Mutation.Clear<>(Records.XATTR, FILE),
        new Mutation.PutField<>(Records.XATTR, FILE, b, new byte[] {4}));
    assertThat(EngineDump.show(value(new Ref.OfRows<>(Records.XATTR, FILE))))
        .isEqualTo("{user.b=04}");
    write(new Mutation.Clear<>(Records.XATTR, FILE));
    assertThat(value(new Ref.OfRows<>(Records.XATTR, FILE))).isEqualTo(Map.of());
    assertThat(EngineDump.show(value(new Ref.OfRows<>(Records.XATTR, DIR))))
        .isEqualTo("{user.a=03}");
  }

  @Test
  void severalFieldsOfALockTableInOneCommit() {
    LockOwner one = new LockOwner(1, 1);
    LockOwner two = new LockOwner(2, 1);
    write(
        new Mutation.PutField<>(Records.FLOCK, FILE, one, true),
        new Mutation.PutField<>(Records.FLOCK, FILE, two, false));
    write(
        new Mutation.RemoveField<>(Records.FLOCK, FILE, one),
        new Mutation.PutField<>(Records.FLOCK, FILE, two, true));
    assertThat(value(new Ref.OfRows<>(Records.FLOCK, FILE))).isEqualTo(Map.of(two, true));
    write(
        new Mutation.Clear<>(Records.FLOCK, FILE),
        new Mutation.PutField<>(Records.FLOCK, FILE, one, false));
    assertThat(value(new Ref.OfRows<>(Records.FLOCK, FILE))).isEqualTo(Map.of(one, false));
  }

  @Test
  void logsGrowAndAreCompacted() {
    CommitOutcome first =
        engine().commit(new Commit(Map.of(), List.of(append(slice(1), slice(2)))));
    first.logLengths().forEach((ref, length) -> assertThat(length).isEqualTo(2));
    CommitOutcome second = engine().commit(new Commit(Map.of(), List.of(append(slice(3)))));
    second.logLengths().forEach((ref, length) -> assertThat(length).isEqualTo(3));
    assertThat(value(logRef())).isEqualTo(List.of(slice(1), slice(2), slice(3)));
    Map<Ref, Observed> seen = engine().fetch(List.of(logRef()));
    assertThat(commit(seen, new Mutation.ReplaceHead<>(Records.CHUNK, CHUNK, 2, List.of(slice(7)))))
        .isEqualTo(Status.COMMITTED);
    assertThat(value(logRef())).isEqualTo(List.of(slice(7), slice(3)));
    seen = engine().fetch(List.of(logRef()));
    assertThat(commit(seen, new Mutation.ReplaceHead<>(Records.CHUNK, CHUNK, 2, List.of())))
        .isEqualTo(Status.COMMITTED);
    assertThat(value(logRef())).isEqualTo(List.of());
    assertThat(value(new Ref.OfChunkIndexes(Records.CHUNK, FILE, 0, 9))).isEqualTo(List.of());
    write(append(slice(1)));
    write(new Mutation.DeleteLog<>(Records.CHUNK, CHUNK));
    assertThat(value(logRef())).isEqualTo(List.of());
  }

  @Test
  void logsAreSetWholeWhateverTheyHold() {
    write(append(slice(1), slice(2)));
    write(new Mutation.SetLog<>(Records.CHUNK, CHUNK, List.of(slice(8), slice(9))));
    assertThat(value(logRef())).isEqualTo(List.of(slice(8), slice(9)));
    write(new Mutation.SetLog<>(Records.CHUNK, CHUNK, List.of()));
    assertThat(value(new Ref.OfChunkIndexes(Records.CHUNK, FILE, 0, 9))).isEqualTo(List.of());
  }

  @Test
  void isEmptyUntilSomethingIsWritten() {
    assertThat(engine().isEmpty()).isTrue();
    write(append(slice(1)));
    assertThat(engine().isEmpty()).isFalse();
    engine().destroy();
    assertThat(engine().isEmpty()).isTrue();
  }

  @Test
  void whatWasAppendedAfterTheReadSurvivesCompaction() {
    write(append(slice(1), slice(2)));
    Map<Ref, Observed> seen = engine().fetch(List.of(logRef()));
    Engine other = client();
    assertThat(other.commit(new Commit(Map.of(), List.of(append(slice(3))))).status())
        .isEqualTo(Status.COMMITTED);
    Mutation compaction = new Mutation.ReplaceHead<>(Records.CHUNK, CHUNK, 2, List.of(slice(9)));
    if (commit(seen, compaction) == Status.COMMITTED) {
      assertThat(value(logRef())).isEqualTo(List.of(slice(9), slice(3)));
    } else {
      assertThat(seesLogGrowthAsHarmless()).isFalse();
      assertThat(value(logRef())).isEqualTo(List.of(slice(1), slice(2), slice(3)));
    }
  }

  @Test
  void countersAddUp() {
    Ref stat = new Ref.OfCounter<>(Records.DIR_STAT, DIR);
    write(new Mutation.AddIfPresent<>(Records.DIR_STAT, DIR, new long[] {1, 1, 1}));
    assertThat(value(stat)).as("not started by addIfPresent").isNull();
    write(new Mutation.SetCounter<>(Records.DIR_STAT, DIR, new long[] {0, 0, 0}));
    write(new Mutation.AddIfPresent<>(Records.DIR_STAT, DIR, new long[] {10, 4096, 1}));
    write(new Mutation.AddIfPresent<>(Records.DIR_STAT, DIR, new long[] {-3, 0, 1}));
    assertThat(counter(stat)).containsExactly(7, 4096, 2);
    write(new Mutation.DeleteCounter<>(Records.DIR_STAT, DIR));
    assertThat(value(stat)).isNull();
    SliceId id = new SliceId(5, 100);
    Ref ref = new Ref.OfCounter<>(Records.SLICE_REF, id);
    write(new Mutation.Add<>(Records.SLICE_REF, id, new long[] {1}));
    write(new Mutation.Add<>(Records.SLICE_REF, id, new long[] {-2}));
    assertThat(counter(ref)).containsExactly(-1);
  }

  @Test
  void volumeTotalsAddUp() {
    write(
        new Mutation.Add<>(Records.USED_SPACE, Volume.KEY, new long[] {4096}),
        new Mutation.Add<>(Records.USED_INODES, Volume.KEY, new long[] {1}));
    write(new Mutation.Add<>(Records.USED_SPACE, Volume.KEY, new long[] {-1096}));
    assertThat(counter(new Ref.OfCounter<>(Records.USED_SPACE, Volume.KEY))).containsExactly(3000);
    assertThat(counter(new Ref.OfCounter<>(Records.USED_INODES, Volume.KEY))).containsExactly(1);
  }

  @Test
  void anotherClientSeesWhatAClosedOneCounted() {
    Engine first = open();
    Mutation add = new Mutation.Add<>(Records.USED_SPACE, Volume.KEY, new long[] {4096});
    assertThat(first.commit(new Commit(Map.of(), List.of(add))).status())
        .isEqualTo(Status.COMMITTED);
    Engine second = client();
    first.close();
    Ref total = new Ref.OfCounter<>(Records.USED_SPACE, Volume.KEY);
    assertThat((long[]) second.fetch(List.of(total)).get(total).value()).containsExactly(4096);
  }

  @Test
  void quotasAndTheirUsage() {
    QuotaKey key = new QuotaKey(QuotaKey.Kind.DIRECTORY, 2);
    Ref used = new Ref.OfCounter<>(Records.QUOTA_USED, key);
    write(
        new Mutation.Put<>(Records.QUOTA, key, new QuotaLimits(100, 10)),
        new Mutation.SetCounter<>(Records.QUOTA_USED, key, new long[] {5, 1}));
    write(new Mutation.AddIfPresent<>(Records.QUOTA_USED, key, new long[] {5, 1}));
    assertThat(counter(used)).containsExactly(10, 2);
    Map<Ref, Observed> limits = engine().fetch(List.of(new Ref.OfCell<>(Records.QUOTA, key)));
    write(new Mutation.Put<>(Records.QUOTA, key, new QuotaLimits(200, 20)));
    assertThat(counter(used)).containsExactly(10, 2);
    assertThat(commit(limits, putAttr(FILE, 1))).isEqualTo(Status.CONFLICT);
    write(
        new Mutation.Delete<>(Records.QUOTA, key),
        new Mutation.DeleteCounter<>(Records.QUOTA_USED, key));
    assertThat(value(new Ref.OfCell<>(Records.QUOTA, key))).isNull();
    assertThat(value(used)).isNull();
    write(new Mutation.AddIfPresent<>(Records.QUOTA_USED, key, new long[] {5, 1}));
    assertThat(value(used)).isNull();
  }

  // ---- lost answers ----

  @Test
  void aLostAnswerIsAppliedOnce() throws Exception {
    Engine engine = engine();
    write(putAttr(DIR, 0));
    AtomicInteger commits = new AtomicInteger();
    Engine lossy = new LosingAnswers(engine, commit -> commits.incrementAndGet() % 2 == 1);
    Transactor transactor =
        new Transactor(
            lossy,
            Duration.ofSeconds(5),
            new Random(1),
            System::nanoTime,
            nanos -> {},
            new TxnMetrics());
    for (int i = 0; i < 10; i++) {
      Ino ino = new Ino(100 + i);
      Name name = Name.of("f" + i);
      transactor.run(DIR, attempt -> create(attempt, ino, name));
    }
    assertThat(counter(new Ref.OfCounter<>(Records.DIR_STAT, DIR))).containsExactly(0, 0, 10);
    assertThat(value(attrRef(DIR))).isEqualTo(attr(10));
  }

  private static boolean create(Transactor.Attempt attempt, Ino ino, Name name) throws FsException {
    RecordTxn txn = attempt.records();
    Dentry existing = txn.get(Records.DENTRY, DIR, name);
    if (existing != null) {
      if (attempt.maybeApplied() && existing.ino().equals(ino)) {
        return true;
      }
      throw Errno.EEXIST.exception();
    }
    Attr parent = txn.get(Records.ATTR, DIR);
    txn.put(Records.DENTRY, DIR, name, new Dentry(FileType.REGULAR, ino));
    txn.put(Records.ATTR, DIR, parent.edit().lengthBytes(parent.lengthBytes() + 1).build());
    txn.add(Records.DIR_STAT, DIR, 0, 0, 1);
    return true;
  }

  // ---- sequences ----

  @Test
  void idsAreNeverGivenTwice() {
    Engine other = client();
    for (Sequence sequence : Sequence.values()) {
      long first = engine().allocate(sequence, 10);
      assertThat(first).isEqualTo(sequence == Sequence.INODE ? 2 : 1);
      assertThat(engine().peek(sequence)).isEqualTo(first + 10);
      assertThat(other.allocate(sequence, 1)).isEqualTo(first + 10);
      assertThat(engine().allocate(sequence, 5)).isEqualTo(first + 11);
      assertThat(other.peek(sequence)).isEqualTo(first + 16);
    }
  }

  @Test
  void idsOfManyThreads() throws Exception {
    Set<Long> ids = Collections.synchronizedSet(new HashSet<>());
    AtomicInteger handedOut = new AtomicInteger();
    Engine engine = engine();
    inParallel(
        4,
        thread -> {
          for (int i = 0; i < 50; i++) {
            long first = engine.allocate(Sequence.SLICE, 3);
            for (long id = first; id < first + 3; id++) {
              ids.add(id);
              handedOut.incrementAndGet();
            }
          }
          return null;
        });
    assertThat(ids).hasSize(handedOut.get());
  }

  // ---- listings ----

  @Test
  void aTableIsListedInPages() {
    Set<String> expected = new HashSet<>();
    for (int i = 0; i < 25; i++) {
      write(putDentry(DIR, Name.of("n" + i)), putDentry(new Ino(9), Name.of("x" + i)));
      expected.add("n" + i);
    }
    for (int limit : new int[] {1, 7, 25, 100}) {
      Set<String> listed = new HashSet<>();
      Object from = null;
      do {
        Page<Row<Name, Dentry>> page = engine().list(Records.DENTRY, DIR, from, limit);
        page.rows().forEach(row -> listed.add(row.key().toString()));
        from = page.next();
      } while (from != null);
      assertThat(listed).isEqualTo(expected);
    }
    assertThat(engine().list(Records.DENTRY, new Ino(77), null, 10).rows()).isEmpty();
  }

  @Test
  void aListingLivesWithRemovals() {
    for (int i = 0; i < 50; i++) {
      write(putDentry(DIR, Name.of("n" + i)));
    }
    Set<String> listed = new HashSet<>();
    Object from = null;
    do {
      Page<Row<Name, Dentry>> page = engine().list(Records.DENTRY, DIR, from, 10);
      for (Row<Name, Dentry> row : page.rows()) {
        listed.add(row.key().toString());
        write(new Mutation.RemoveField<>(Records.DENTRY, DIR, row.key()));
      }
      from = page.next();
    } while (from != null);
    assertThat(listed).hasSize(50);
  }

  @Test
  void aListingWithAttributes() {
    int entries = 2500;
    for (int i = 0; i < entries; i += 50) {
      List<Mutation> some = new ArrayList<>();
      for (int k = i; k < i + 50; k++) {
        Ino ino = manyInodes(k);
        Dentry dentry = new Dentry(FileType.REGULAR, ino);
        some.add(new Mutation.PutField<>(Records.DENTRY, DIR, Name.of("n" + k), dentry));
        if (k % 10 != 0) {
          some.add(putAttr(ino, k)); // the others are entries that lead nowhere
        }
      }
      write(some.toArray(Mutation[]::new));
    }
    for (int limit : new int[] {7, 1000, entries, 5000}) {
      Map<String, Long> listed = new TreeMap<>();
      Object from = null;
      do {
        EntryPage entryPage = engine().listWithAttributes(DIR, from, limit);
        assertThat(entryPage.page().rows().size()).isLessThanOrEqualTo(limit);
        for (Row<Name, Dentry> row : entryPage.page().rows()) {
          Observed seen = entryPage.attributes().get(attrRef(row.value().ino()));
          assertThat(seen).as("attributes behind " + row.key()).isNotNull();
          Attr attr = (Attr) seen.value();
          listed.put(row.key().toString(), attr == null ? -1 : attr.lengthBytes());
        }
        from = entryPage.page().next();
      } while (from != null);
      Map<String, Long> expected = new TreeMap<>();
      for (long k = 0; k < entries; k++) {
        expected.put("n" + k, k % 10 == 0 ? -1 : k);
      }
      assertThat(listed).isEqualTo(expected);
    }
    assertThat(engine().listWithAttributes(new Ino(77), null, 10).page().rows()).isEmpty();
  }

  /** Inodes of all widths, those of the trash among them. */
  private static Ino manyInodes(int k) {
    return new Ino(k % 3 == 0 ? Long.MAX_VALUE - k : k % 3 == 1 ? (1L << 53) + k : 1000L + k);
  }

  @Test
  void attributesFromAListingHold() {
    write(putDentry(DIR, NAME), putAttr(FILE, 1));
    Map<Ref, Observed> seen = engine().listWithAttributes(DIR, null, 10).attributes();
    assertThat(commit(seen)).isEqualTo(Status.COMMITTED);
    write(putAttr(FILE, 2));
    assertThat(commit(seen, putAttr(FILE, 3))).isEqualTo(Status.CONFLICT);
  }

  @Test
  void cellsAreScanned() {
    Map<Ino, Attr> expected = new TreeMap<>();
    for (int i = 0; i < 40; i++) {
      Ino ino = new Ino(i * 1000L + 1);
      write(putAttr(ino, i), putDentry(ino, NAME));
      expected.put(ino, attr(i));
    }
    Map<Ino, Attr> scanned = new TreeMap<>();
    Object from = null;
    do {
      Page<Row<Ino, Attr>> page = engine().scan(Records.ATTR, from, 7);
      page.rows().forEach(row -> scanned.put(row.key(), row.value()));
      from = page.next();
    } while (from != null);
    assertThat(scanned).isEqualTo(expected);
  }

  // ---- concurrency ----

  @Test
  void increments() throws Exception {
    write(putAttr(FILE, 0));
    Engine shared = engine();
    Engine other = client();
    inParallel(
        4,
        thread -> {
          Engine engine = thread % 2 == 0 ? shared : other;
          for (int i = 0; i < 50; i++) {
            increment(engine);
          }
          return null;
        });
    assertThat(((Attr) value(attrRef(FILE))).lengthBytes()).isEqualTo(200);
  }

  private static void increment(Engine engine) {
    Status status;
    do {
      Map<Ref, Observed> seen = engine.fetch(List.of(attrRef(FILE)));
      Attr now = (Attr) seen.get(attrRef(FILE)).value();
      status =
          engine.commit(new Commit(seen, List.of(putAttr(FILE, now.lengthBytes() + 1)))).status();
    } while (status == Status.CONFLICT);
    assertThat(status).isEqualTo(Status.COMMITTED);
  }

  @Test
  void blindAdditionsAndAppendsLoseNothing() throws Exception {
    Engine shared = engine();
    Engine other = client();
    SliceId id = new SliceId(5, 100);
    inParallel(
        4,
        thread -> {
          Engine engine = thread % 2 == 0 ? shared : other;
          for (int i = 0; i < 25; i++) {
            Commit commit =
                new Commit(
                    Map.of(),
                    List.of(
                        new Mutation.Add<>(Records.SLICE_REF, id, new long[] {1}),
                        append(slice(1 + thread * 1000L + i))));
            Status status;
            do {
              status = engine.commit(commit).status();
            } while (status == Status.CONFLICT);
            assertThat(status).isEqualTo(Status.COMMITTED);
          }
          return null;
        });
    assertThat(counter(new Ref.OfCounter<>(Records.SLICE_REF, id))).containsExactly(100);
    List<?> slices = (List<?>) value(logRef());
    assertThat(new HashSet<>(slices)).hasSize(100);
    assertThat(slices).hasSize(100);
  }

  /** The race that the whole seam is for: removing an empty directory against creating in it. */
  @Test
  void removalAgainstCreation() throws Exception {
    Engine remover = engine();
    Engine creator = client();
    CyclicBarrier barrier = new CyclicBarrier(2);
    AtomicInteger created = new AtomicInteger();
    AtomicInteger removed = new AtomicInteger();
    inParallel(
        2,
        thread -> {
          for (int i = 0; i < raceRounds(); i++) {
            Ino dir = new Ino(10_000L + i);
            if (thread == 0) {
              assertThat(remover.commit(new Commit(Map.of(), List.of(putAttr(dir, 0)))).status())
                  .isEqualTo(Status.COMMITTED);
            }
            barrier.await();
            if (thread == 0) {
              removed.addAndGet(remove(remover, dir) ? 1 : 0);
            } else {
              created.addAndGet(createIn(creator, dir) ? 1 : 0);
            }
            barrier.await();
            if (thread == 0) {
              Map<Ref, Observed> after = remover.fetch(List.of(attrRef(dir), dentryRef(dir, NAME)));
              boolean hasDirectory = after.get(attrRef(dir)).value() != null;
              boolean hasEntry = after.get(dentryRef(dir, NAME)).value() != null;
              assertThat(hasEntry && !hasDirectory).as("entry without directory").isFalse();
            }
          }
          return null;
        });
    assertThat(created.get() + removed.get()).isEqualTo(raceRounds());
  }

  /** One try, and again while something else got in between. */
  private static boolean remove(Engine engine, Ino dir) {
    while (true) {
      Map<Ref, Observed> seen = engine.fetch(List.of(attrRef(dir), emptiness(dir)));
      if (!Boolean.TRUE.equals(seen.get(emptiness(dir)).value())) {
        return false;
      }
      Commit commit = new Commit(seen, List.of(new Mutation.Delete<>(Records.ATTR, dir)));
      if (engine.commit(commit).status() == Status.COMMITTED) {
        return true;
      }
    }
  }

  private static boolean createIn(Engine engine, Ino dir) {
    while (true) {
      Map<Ref, Observed> seen = engine.fetch(List.of(attrRef(dir), dentryRef(dir, NAME)));
      if (seen.get(attrRef(dir)).value() == null) {
        return false;
      }
      Commit commit = new Commit(seen, List.of(putDentry(dir, NAME)));
      if (engine.commit(commit).status() == Status.COMMITTED) {
        return true;
      }
    }
  }

  /** Runs a task on several threads; the first failure fails the test. */
  protected static void inParallel(int threads, ThreadTask task) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int thread = i;
        tasks.add(() -> task.run(thread));
      }
      List<Future<Void>> futures = new ArrayList<>();
      tasks.forEach(t -> futures.add(pool.submit(t)));
      for (Future<Void> future : futures) {
        future.get(120, TimeUnit.SECONDS);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  /** What a thread does. */
  @FunctionalInterface
  protected interface ThreadTask {
    Void run(int thread) throws Exception;
  }

  // ---- the end ----

  @Test
  void destroyLeavesNothing() {
    write(
        putAttr(FILE, 1),
        putDentry(DIR, NAME),
        append(slice(1)),
        new Mutation.Put<>(Records.SETTING, Volume.KEY, "{}".getBytes(StandardCharsets.US_ASCII)));
    engine().sync();
    assertThat(engine().allocate(Sequence.INODE, 100)).isEqualTo(2);
    engine().destroy();
    assertThat(EngineDump.of(engine(), 10)).isEmpty();
    assertThat(engine().allocate(Sequence.INODE, 1)).isEqualTo(2);
    write(putAttr(FILE, 1));
    assertThat(value(attrRef(FILE))).isEqualTo(attr(1));
  }

  @Test
  void syncWithNothingPending() {
    engine().sync();
    write(putAttr(FILE, 1));
    engine().sync();
    engine().sync();
  }

  @Test
  void describesItself() {
    assertThat(engine().describe()).contains("://");
  }
}
