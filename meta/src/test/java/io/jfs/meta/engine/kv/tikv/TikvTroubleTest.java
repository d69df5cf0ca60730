package io.jfs.meta.engine.kv.tikv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.jfs.meta.engine.Engines;
import io.jfs.meta.engine.MetaUrl;
import io.jfs.meta.engine.kv.KvEngine;
import io.jfs.meta.engine.kv.tikv.proto.DataIsNotReady;
import io.jfs.meta.engine.kv.tikv.proto.DiskFull;
import io.jfs.meta.engine.kv.tikv.proto.EpochNotMatch;
import io.jfs.meta.engine.kv.tikv.proto.MaxTimestampNotSynced;
import io.jfs.meta.engine.kv.tikv.proto.MismatchPeerId;
import io.jfs.meta.engine.kv.tikv.proto.NotLeader;
import io.jfs.meta.engine.kv.tikv.proto.ProposalInMergingMode;
import io.jfs.meta.engine.kv.tikv.proto.RaftEntryTooLarge;
import io.jfs.meta.engine.kv.tikv.proto.ReadIndexNotReady;
import io.jfs.meta.engine.kv.tikv.proto.RegionError;
import io.jfs.meta.engine.kv.tikv.proto.RegionNotFound;
import io.jfs.meta.engine.kv.tikv.proto.ServerIsBusy;
import io.jfs.meta.engine.kv.tikv.proto.StaleCommand;
import io.jfs.meta.engine.kv.tikv.proto.StoreNotMatch;
import io.jfs.meta.engine.kv.tikv.proto.UndeterminedResult;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.record.Records;
import io.jfs.meta.txn.Commit;
import io.jfs.meta.txn.CommitOutcome.Status;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.EngineException;
import io.jfs.meta.txn.EngineException.Kind;
import io.jfs.meta.txn.Mutation;
import io.jfs.meta.txn.Observed;
import io.jfs.meta.txn.Ref;
import io.jfs.meta.txn.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Dead leaders, regions that move, lost answers, and what stands between two writers. */
@Timeout(180)
class TikvTroubleTest {
  private static final Ino DIR = new Ino(70);

  private final FakeCluster cluster = new FakeCluster();
  private Engine engine;

  @BeforeEach
  void connect() {
    engine = open();
  }

  @AfterEach
  void stop() {
    engine.close();
    cluster.close();
  }

  private Engine open() {
    return Engines.open(cluster.url("v"), Map.of());
  }

  /** A client that gives up early. */
  private void losePatience() {
    engine.close();
    engine =
        new KvEngine(
            TikvKv.open(
                TikvAddress.of(MetaUrl.parse(cluster.url("v"))),
                new Backoff.Pace(
                    Waiting.SYSTEM, System::nanoTime, new Random(1), Duration.ofMillis(500)),
                60_000));
  }

  private static Mutation put(long ino, long length) {
    Timestamp t = new Timestamp(1_800_000_000L, 1);
    Attr attr = new Attr(FileType.REGULAR, 0, 0644, 1, 2, t, t, t, 1, length, 0, Ino.ROOT, 0, 0, 0);
    return new Mutation.Put<>(Records.ATTR, new Ino(ino), attr);
  }

  private static Ref ref(long ino) {
    return new Ref.OfCell<>(Records.ATTR, new Ino(ino));
  }

  private static long length(Engine engine, long ino) {
    return engine.fetch(List.of(ref(ino))).get(ref(ino)).value() instanceof Attr attr
        ? attr.lengthBytes()
        : 0;
  }

  private static Status commit(Engine engine, Map<Ref, Observed> seen, Mutation... mutations) {
    return engine.commit(new Commit(seen, List.of(mutations))).status();
  }

  /** Adds one, through an observation, until it is done. */
  private static void increment(Engine engine, long ino) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (true) {
      try {
        Map<Ref, Observed> seen = engine.fetch(List.of(ref(ino)));
        long now = seen.get(ref(ino)).value() instanceof Attr a ? a.lengthBytes() : 0;
        Status status = commit(engine, seen, put(ino, now + 1));
        assertThat(status).isNotEqualTo(Status.UNKNOWN);
        if (status == Status.COMMITTED) {
          return;
        }
      } catch (EngineException e) {
        assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
        assertThat(System.nanoTime()).as("patience").isLessThan(deadline);
      }
    }
  }

  /** A key of the record of an inode's attributes. */
  private static ByteString key(long ino) {
    byte[] key = new byte[10];
    key[0] = 'A';
    key[1] = (byte) ino;
    key[9] = 'I';
    return FakeCluster.key("v", key);
  }

  /** Puts inodes 10 to 19 into another region than those from 20 on. */
  private void split() {
    cluster.regions().split(key(20));
    cluster.regions().moveLeader(key(20));
  }

  /** Does something to the first request of a procedure, and lets the others pass. */
  private void once(String procedure, Trouble trouble) {
    AtomicBoolean done = new AtomicBoolean();
    cluster.trouble(
        (name, keys) ->
            name.equals(procedure) && done.compareAndSet(false, true) ? trouble : Trouble.NONE);
  }

  /** Runs something when the first request of a procedure arrives, before it is carried out. */
  private void before(String procedure, Runnable action) {
    AtomicBoolean done = new AtomicBoolean();
    cluster.trouble(
        (name, keys) -> {
          if (name.equals(procedure) && done.compareAndSet(false, true)) {
            action.run();
          }
          return Trouble.NONE;
        });
  }

  // ---- round trips ----

  @Test
  void oneRegionTakesOneReadAndOneWrite() {
    Map<Ref, Observed> seen = engine.fetch(List.of(ref(10), ref(11)));
    assertThat(commit(engine, seen, put(10, 1), put(12, 1))).isEqualTo(Status.COMMITTED);
    assertThat(cluster.requests())
        .containsEntry("KvBatchGet", 1L)
        .containsEntry("KvPrewrite", 1L)
        .containsEntry("Tso", 1L)
        .doesNotContainKey("KvCommit");
    assertThat(cluster.mvcc().lockCount()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void severalRegionsAreWrittenAtOnce(boolean asyncCommit) {
    split();
    cluster.mvcc().offer(true, asyncCommit);
    assertThat(commit(engine, Map.of(), put(10, 1), put(30, 2))).isEqualTo(Status.COMMITTED);
    try (Engine other = open()) { // may have to read past locks that nobody has removed yet
      assertThat(length(other, 10)).isEqualTo(1);
      assertThat(length(other, 30)).isEqualTo(2);
    }
    engine.close(); // what was put off is done
    assertThat(cluster.mvcc().lockCount()).isZero();
    engine = open();
  }

  // ---- moving regions ----

  static Stream<RegionError.Builder> passingErrors() {
    return Stream.of(
        RegionError.newBuilder().setNotLeader(NotLeader.getDefaultInstance()),
        RegionError.newBuilder().setEpochNotMatch(EpochNotMatch.getDefaultInstance()),
        RegionError.newBuilder().setRegionNotFound(RegionNotFound.getDefaultInstance()),
        RegionError.newBuilder().setServerIsBusy(ServerIsBusy.newBuilder().setBackoffMs(5)),
        RegionError.newBuilder().setStaleCommand(StaleCommand.getDefaultInstance()),
        RegionError.newBuilder().setStoreNotMatch(StoreNotMatch.getDefaultInstance()),
        RegionError.newBuilder()
            .setMaxTimestampNotSynced(MaxTimestampNotSynced.getDefaultInstance()),
        RegionError.newBuilder().setReadIndexNotReady(ReadIndexNotReady.getDefaultInstance()),
        RegionError.newBuilder()
            .setProposalInMergingMode(ProposalInMergingMode.getDefaultInstance()),
        RegionError.newBuilder().setDataIsNotReady(DataIsNotReady.getDefaultInstance()),
        RegionError.newBuilder().setMismatchPeerId(MismatchPeerId.getDefaultInstance()),
        RegionError.newBuilder().setMessage("something new"));
  }

  @ParameterizedTest
  @MethodSource("passingErrors")
  void everyPassingErrorIsWaitedOut(RegionError.Builder error) {
    Trouble refused = new Trouble.Refused(error.build());
    once("KvPrewrite", refused);
    assertThat(commit(engine, Map.of(), put(10, 1))).isEqualTo(Status.COMMITTED);
    once("KvBatchGet", refused);
    assertThat(length(engine, 10)).isEqualTo(1);
  }

  @Test
  void whatWillNotPassIsSaid() {
    once(
        "KvPrewrite",
        new Trouble.Refused(
            RegionError.newBuilder()
                .setMessage("9 MB")
                .setRaftEntryTooLarge(RaftEntryTooLarge.getDefaultInstance())
                .build()));
    EngineException e = refusal(() -> commit(engine, Map.of(), put(10, 1)));
    assertThat(e.kind()).isEqualTo(Kind.FATAL);
    assertThat(e).hasMessageContaining("tikv://").hasMessageContaining("too large");
    once(
        "KvPrewrite",
        new Trouble.Refused(
            RegionError.newBuilder().setDiskFull(DiskFull.getDefaultInstance()).build()));
    assertThat(refusal(() -> commit(engine, Map.of(), put(10, 1))).kind()).isEqualTo(Kind.FULL);
    assertThat(length(engine, 10)).isZero();
  }

  private static EngineException refusal(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable body) {
    EngineException e = catchThrowableOfType(EngineException.class, body);
    assertThat(e).isNotNull();
    return e;
  }

  @Test
  void aRegionIsSplitUnderACommitThatWasForOne() {
    before("KvPrewrite", this::split);
    assertThat(commit(engine, Map.of(), put(10, 1), put(30, 2))).isEqualTo(Status.COMMITTED);
    assertThat(length(engine, 10)).isEqualTo(1);
    assertThat(length(engine, 30)).isEqualTo(2);
  }

  @Test
  void regionsSplitMergeAndMoveUnderLoad() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(3);
    AtomicBoolean over = new AtomicBoolean();
    try (Engine other = open()) {
      List<Future<?>> workers = new ArrayList<>();
      for (Engine client : List.of(engine, other)) {
        workers.add(
            pool.submit(
                () -> {
                  for (int i = 0; i < 40; i++) {
                    increment(client, 10 + i % 20);
                  }
                }));
      }
      Future<?> mover =
          pool.submit(
              () -> {
                for (int i = 0; !over.get(); i++) {
                  ByteString at = key(10 + i % 20);
                  cluster.regions().split(at);
                  cluster.regions().moveLeader(at);
                  cluster.regions().merge(key(10 + (i * 7) % 20));
                  Thread.sleep(5);
                }
                return null;
              });
      for (Future<?> worker : workers) {
        worker.get(150, TimeUnit.SECONDS);
      }
      over.set(true);
      mover.get(30, TimeUnit.SECONDS);
    } finally {
      pool.shutdownNow();
    }
    long sum = 0;
    for (int ino = 10; ino < 30; ino++) {
      sum += length(engine, ino);
    }
    assertThat(sum).isEqualTo(80);
  }

  // ---- servers that go ----

  @Test
  void theLeadingDriverDies() {
    increment(engine, 10);
    FakeDriver dead = cluster.leader();
    cluster.moveDriverLeader();
    dead.close();
    increment(engine, 10);
    assertThat(length(engine, 10)).isEqualTo(2);
  }

  @Test
  void aDriverLosesTheLeadAndLives() {
    for (int i = 0; i < 4; i++) {
      increment(engine, 10);
      cluster.moveDriverLeader();
    }
    assertThat(length(engine, 10)).isEqualTo(4);
  }

  @Test
  void aStoreDiesAndComesBack() {
    increment(engine, 10);
    cluster.store(1).stop();
    cluster.regions().leave(1);
    increment(engine, 10);
    cluster.store(1).restart();
    cluster.regions().leave(2);
    cluster.regions().leave(3);
    increment(engine, 10);
    assertThat(length(engine, 10)).isEqualTo(3);
  }

  @Test
  void noServerIsOneLine() {
    losePatience();
    cluster.close();
    EngineException e = refusal(() -> length(engine, 10));
    assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(e.getMessage()).contains("tikv://").doesNotContain("\n");
    assertThat(refusal(() -> open().close()).kind()).isEqualTo(Kind.TRANSIENT);
  }

  @Test
  void theClockJumps() {
    increment(engine, 10);
    cluster.jump(TimeUnit.DAYS.toMillis(1));
    increment(engine, 10);
    assertThat(length(engine, 10)).isEqualTo(2);
  }

  // ---- lost answers ----

  @Test
  void aCommitWhoseAnswerIsLostIsFound() {
    once("KvPrewrite", Trouble.LOST_ANSWER);
    assertThat(commit(engine, Map.of(), put(10, 1))).isEqualTo(Status.COMMITTED);
    assertThat(length(engine, 10)).isEqualTo(1);
  }

  @Test
  void aCommitThatDidNotArriveIsStartedAgain() {
    once("KvPrewrite", Trouble.LOST_REQUEST);
    assertThat(commit(engine, Map.of(), put(10, 1))).isEqualTo(Status.COMMITTED);
    assertThat(cluster.requests("KvCheckTxnStatus")).as("settled before").isPositive();
    once(
        "KvPrewrite",
        new Trouble.Refused(
            RegionError.newBuilder()
                .setUndeterminedResult(UndeterminedResult.getDefaultInstance())
                .build()));
    assertThat(commit(engine, Map.of(), put(10, 2))).isEqualTo(Status.COMMITTED);
    assertThat(length(engine, 10)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void lostAnswersOfSeveralRegions(boolean asyncCommit) {
    split();
    cluster.mvcc().offer(true, asyncCommit);
    for (Trouble trouble : List.of(Trouble.LOST_ANSWER, Trouble.LOST_REQUEST)) {
      for (String procedure : List.of("KvPrewrite", "KvCommit")) {
        long before = length(engine, 10);
        once(procedure, trouble);
        Status status = commit(engine, Map.of(), put(10, before + 1), put(30, before + 1));
        assertThat(status).isNotEqualTo(Status.UNKNOWN);
        long expected = status == Status.COMMITTED ? before + 1 : before;
        assertThat(length(engine, 10)).as(procedure).isEqualTo(expected);
        assertThat(length(engine, 30)).as(procedure).isEqualTo(expected);
      }
    }
  }

  @Test
  void nobodyKnowsWhatBecameOfACommit() {
    losePatience();
    AtomicBoolean lost = new AtomicBoolean();
    cluster.trouble(
        (name, keys) -> {
          lost.compareAndSet(false, name.equals("KvPrewrite"));
          return lost.get() ? Trouble.LOST_ANSWER : Trouble.NONE;
        });
    assertThat(commit(engine, Map.of(), put(10, 1))).isEqualTo(Status.UNKNOWN);
    cluster.calm();
    assertThat(length(engine, 10)).isEqualTo(1);
  }

  // ---- what others left ----

  /** Locks everything for a commit and dies. */
  private void dieAfterLocking(boolean asyncCommit) {
    losePatience();
    cluster.mvcc().offer(false, asyncCommit);
    split();
    cluster.trouble(
        (name, keys) ->
            switch (name) {
              case "KvCommit", "KvTxnHeartBeat", "KvCheckTxnStatus", "KvBatchRollback" ->
                  Trouble.LOST_REQUEST;
              default -> Trouble.NONE;
            });
    Status status = commit(engine, Map.of(), put(10, 5), put(30, 5));
    assertThat(status).isEqualTo(asyncCommit ? Status.COMMITTED : Status.UNKNOWN);
    assertThat(cluster.mvcc().lockCount()).isEqualTo(2);
  }

  @Test
  void locksOfADeadClientAreRolledBack() {
    assertThat(commit(engine, Map.of(), put(10, 1), put(30, 1))).isEqualTo(Status.COMMITTED);
    dieAfterLocking(false);
    cluster.calm();
    cluster.jump(TikvTxn.TTL_MILLIS + TimeUnit.SECONDS.toMillis(60));
    try (Engine other = open()) {
      assertThat(length(other, 30)).isEqualTo(1);
      assertThat(length(other, 10)).isEqualTo(1);
      increment(other, 10);
      assertThat(length(other, 10)).isEqualTo(2);
    }
  }

  @Test
  void anAsynchronousCommitOfADeadClientIsDone() {
    dieAfterLocking(true);
    cluster.calm();
    cluster.jump(TikvTxn.TTL_MILLIS + TimeUnit.SECONDS.toMillis(60));
    try (Engine other = open()) {
      assertThat(length(other, 30)).isEqualTo(5);
      assertThat(length(other, 10)).isEqualTo(5);
      increment(other, 30);
      assertThat(length(other, 30)).isEqualTo(6);
    }
  }

  @Test
  void anAsynchronousCommitThatLacksALockIsNotDone() {
    losePatience();
    split();
    cluster.mvcc().offer(false, true);
    cluster.trouble(
        (name, keys) ->
            switch (name) {
              case "KvPrewrite" -> keys.contains(key(30)) ? Trouble.LOST_REQUEST : Trouble.NONE;
              case "KvCheckTxnStatus", "KvBatchRollback" -> Trouble.LOST_REQUEST;
              default -> Trouble.NONE;
            });
    assertThat(commit(engine, Map.of(), put(10, 5), put(30, 5))).isEqualTo(Status.UNKNOWN);
    assertThat(cluster.mvcc().lockCount()).isEqualTo(1);
    cluster.calm();
    cluster.jump(TikvTxn.TTL_MILLIS + TimeUnit.SECONDS.toMillis(60));
    try (Engine other = open()) {
      assertThat(length(other, 10)).isZero();
      assertThat(length(other, 30)).isZero();
    }
  }

  @Test
  void aLivingTransactionIsReadPast() {
    split();
    cluster.mvcc().offer(false, false);
    try (Engine other = open()) {
      before("KvCommit", () -> assertThat(length(other, 10)).isZero());
      assertThat(commit(engine, Map.of(), put(10, 1), put(30, 1))).isEqualTo(Status.COMMITTED);
      assertThat(length(other, 10)).isEqualTo(1);
    }
  }

  @Test
  void aWriterGivesWayToALivingTransaction() {
    split();
    cluster.mvcc().offer(false, false);
    try (Engine other = open()) {
      before(
          "KvCommit",
          () -> assertThat(commit(other, Map.of(), put(10, 7))).isEqualTo(Status.CONFLICT));
      assertThat(commit(engine, Map.of(), put(10, 1), put(30, 1))).isEqualTo(Status.COMMITTED);
      assertThat(length(other, 10)).isEqualTo(1);
    }
  }

  @Test
  void theOwnerOfLocksSaysThatItLives() {
    split();
    cluster.mvcc().offer(false, false);
    cluster.trouble(
        (name, keys) -> {
          if (name.equals("KvPrewrite") && keys.contains(key(30))) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(4);
            while (cluster.mvcc().heartBeats() == 0 && System.nanoTime() < deadline) {
              Thread.onSpinWait();
            }
          }
          return Trouble.NONE;
        });
    assertThat(commit(engine, Map.of(), put(10, 1), put(30, 1))).isEqualTo(Status.COMMITTED);
    assertThat(cluster.mvcc().heartBeats()).isPositive();
  }

  // ---- between observing and writing ----

  @Test
  void whatWasOnlyObservedMayNotChange() {
    Map<Ref, Observed> seen = engine.fetch(List.of(ref(10), ref(11)));
    try (Engine other = open()) {
      before(
          "KvPrewrite",
          () -> assertThat(commit(other, seen, put(11, 1))).isEqualTo(Status.COMMITTED));
      assertThat(commit(engine, seen, put(10, 1))).as("write skew").isEqualTo(Status.CONFLICT);
    }
    assertThat(length(engine, 10)).isZero();
  }

  /** By the guard that both lock; whether the commit begins with its own reading or an old one. */
  @ParameterizedTest
  @CsvSource({"KvPrewrite,true", "KvPrewrite,false", "KvScan,false"})
  void anEmptyDirectoryMayNotFill(String moment, boolean readBefore) {
    Ref empty = new Ref.OfEmptiness<>(Records.DENTRY, DIR);
    Map<Ref, Observed> seen = engine.fetch(List.of(empty));
    Mutation entry =
        new Mutation.PutField<>(
            Records.DENTRY, DIR, Name.of("n"), new Dentry(FileType.REGULAR, new Ino(5)));
    try (Engine other = open();
        Engine late = open()) {
      before(moment, () -> assertThat(commit(other, Map.of(), entry)).isEqualTo(Status.COMMITTED));
      assertThat(commit(readBefore ? engine : late, seen, put(10, 1))).isEqualTo(Status.CONFLICT);
    }
    assertThat(length(engine, 10)).isZero();
    assertThat(cluster.requests()).as("no second phase").doesNotContainKey("KvCommit");
    assertThat(cluster.mvcc().lockCount()).isZero();
  }

  /** A range without a guard is looked at again when all locks are there. */
  @Test
  void rowsThatWereSeenMayNotBecomeMore() {
    Ref rows = new Ref.OfRows<>(Records.XATTR, DIR);
    Map<Ref, Observed> seen = engine.fetch(List.of(rows));
    Mutation more = new Mutation.PutField<>(Records.XATTR, DIR, Name.of("n"), new byte[] {1});
    try (Engine other = open()) {
      before(
          "KvPrewrite",
          () -> assertThat(commit(other, Map.of(), more)).isEqualTo(Status.COMMITTED));
      assertThat(commit(engine, seen, put(10, 1))).isEqualTo(Status.CONFLICT);
    }
    assertThat(length(engine, 10)).isZero();
    assertThat(cluster.mvcc().lockCount()).isZero();
  }
}
