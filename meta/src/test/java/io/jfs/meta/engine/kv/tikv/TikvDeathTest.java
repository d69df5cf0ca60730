package io.jfs.meta.engine.kv.tikv;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.jfs.meta.engine.MetaUrl;
import io.jfs.meta.engine.kv.KvCheck;
import io.jfs.meta.engine.kv.KvOutcome;
import io.jfs.meta.engine.kv.KvPair;
import io.jfs.meta.engine.kv.KvQuery;
import io.jfs.meta.engine.kv.KvWrite;
import io.jfs.meta.engine.kv.OrderedKv;
import io.jfs.meta.txn.CommitOutcome.Status;
import io.jfs.meta.txn.EngineException;
import io.jfs.meta.txn.EngineException.Kind;
import io.jfs.meta.txn.Waiting;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Who goes in the middle of something: clients at each of their requests, stores and drivers under
 * load, clocks. Two keys in two regions always tell the same number, whoever wrote them last.
 */
@Timeout(240)
class TikvDeathTest {
  private static final String LEFT = "a";
  private static final String RIGHT = "m";
  private static final Duration PATIENCE = Duration.ofMillis(150);

  private final FakeCluster cluster = new FakeCluster();
  private TikvKv kv;

  @BeforeEach
  void connect() {
    cluster.regions().split(key(RIGHT));
    cluster.regions().moveLeader(key(RIGHT));
    kv = open();
  }

  @AfterEach
  void stop() {
    kv.close();
    cluster.close();
  }

  private TikvKv open() {
    return TikvKv.open(MetaUrl.parse(cluster.url("v")));
  }

  private TikvKv openImpatient() {
    return TikvKv.open(
        TikvAddress.of(MetaUrl.parse(cluster.url("v"))),
        new Backoff.Pace(Waiting.SYSTEM, System::nanoTime, new Random(1), PATIENCE),
        60_000);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static ByteString key(String key) {
    return FakeCluster.key("v", bytes(key));
  }

  private static int number(@Nullable KvPair pair) {
    return pair == null ? 0 : Integer.parseInt(new String(pair.value(), StandardCharsets.UTF_8));
  }

  /** The number that both keys tell at one moment. */
  private static int read(TikvKv kv) {
    List<@Nullable KvPair> pairs = kv.read(TikvDeathTest::pairsOf);
    assertThat(number(pairs.get(0))).as("half applied").isEqualTo(number(pairs.get(1)));
    return number(pairs.get(0));
  }

  private static List<@Nullable KvPair> pairsOf(OrderedKv.Snapshot snapshot) {
    List<@Nullable KvPair> pairs = new ArrayList<>();
    snapshot
        .read(List.of(KvQuery.key(bytes(LEFT)), KvQuery.key(bytes(RIGHT))))
        .forEach(rows -> pairs.add(rows.single()));
    return pairs;
  }

  /** One more in both keys, if they are still as they were seen. */
  private static KvOutcome addOne(TikvKv kv, List<@Nullable KvPair> seen) {
    byte[] next = bytes(String.valueOf(number(seen.get(0)) + 1));
    return kv.commit(
        List.<KvCheck>of(
            new KvCheck.SameValue(bytes(LEFT), seen.get(0)),
            new KvCheck.SameValue(bytes(RIGHT), seen.get(1))),
        List.of(new KvWrite.Put(bytes(LEFT), next), new KvWrite.Put(bytes(RIGHT), next)));
  }

  private static Status addOne(TikvKv kv) {
    return addOne(kv, kv.read(TikvDeathTest::pairsOf)).status();
  }

  /** One more in both keys, tried until it is done. */
  private static void mustAddOne(TikvKv kv) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      try {
        Status status = addOne(kv);
        assertThat(status).isNotEqualTo(Status.UNKNOWN);
        if (status == Status.COMMITTED) {
          return;
        }
      } catch (EngineException e) {
        assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
      }
      assertThat(System.nanoTime()).as("patience").isLessThan(deadline);
    }
  }

  // ---- clients ----

  /** What a client's n-th request to a store, and all that follow, never come back from. */
  @ParameterizedTest
  @CsvSource({"false,false", "false,true", "true,false", "true,true"})
  void aClientDiesAtEachOfItsRequests(boolean asyncCommit, boolean lastArrives) {
    cluster.mvcc().offer(true, asyncCommit);
    mustAddOne(kv);
    int survived = 0;
    for (int n = 0; survived < 2; n++) {
      int before = read(kv);
      int last = n;
      Status status = null;
      try (TikvKv victim = openImpatient()) {
        List<@Nullable KvPair> seen = victim.read(TikvDeathTest::pairsOf);
        AtomicInteger requests = new AtomicInteger();
        cluster.trouble(
            (name, keys) -> {
              int number = requests.getAndIncrement();
              return number < last
                  ? Trouble.NONE
                  : number == last && lastArrives ? Trouble.LOST_ANSWER : Trouble.LOST_REQUEST;
            });
        status = addOne(victim, seen).status();
        survived += requests.get() <= n ? 1 : 0;
      } catch (EngineException e) {
        assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
      }
      cluster.calm();
      cluster.jump(TimeUnit.MINUTES.toMillis(2));
      int after = read(kv);
      assertThat(after).as("request %s: %s", n, status).isBetween(before, before + 1);
      if (status == Status.COMMITTED) {
        assertThat(after).as("acknowledged, request %s", n).isEqualTo(before + 1);
      } else if (status != Status.UNKNOWN) {
        assertThat(after).as("refused, request %s", n).isEqualTo(before);
      }
      mustAddOne(kv);
      assertThat(read(kv)).isEqualTo(after + 1);
    }
  }

  /** By the clock on the wall, not by one that is moved. */
  @Test
  void aDeadClientHoldsOthersUpForItsTimeToLiveAtMost() {
    cluster.mvcc().offer(false, false);
    try (TikvKv victim = openImpatient()) {
      List<@Nullable KvPair> seen = victim.read(TikvDeathTest::pairsOf);
      AtomicBoolean dead = new AtomicBoolean();
      cluster.trouble(
          (name, keys) -> {
            dead.compareAndSet(false, name.equals("KvCommit"));
            return dead.get() ? Trouble.LOST_REQUEST : Trouble.NONE;
          });
      assertThat(addOne(victim, seen).status()).isEqualTo(Status.UNKNOWN);
    }
    assertThat(cluster.mvcc().lockCount()).isEqualTo(2);
    cluster.calm();
    long start = System.nanoTime();
    assertThat(read(kv)).as("reading does not wait").isZero();
    assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(2));
    mustAddOne(kv);
    assertThat(System.nanoTime() - start)
        .isLessThan(TimeUnit.MILLISECONDS.toNanos(TikvTxn.TTL_MILLIS + 2000));
    assertThat(read(kv)).isEqualTo(1);
    assertThat(cluster.mvcc().lockCount()).isZero();
  }

  /** Others believe that a transaction is over which is only about to commit. */
  @Test
  void theClockJumpsUnderACommit() {
    cluster.mvcc().offer(false, false);
    List<@Nullable KvPair> seen = kv.read(TikvDeathTest::pairsOf);
    AtomicBoolean jumped = new AtomicBoolean();
    try (TikvKv other = open()) {
      cluster.trouble(
          (name, keys) -> {
            if (name.equals("KvCommit") && jumped.compareAndSet(false, true)) {
              cluster.jump(TimeUnit.DAYS.toMillis(1));
              mustAddOne(other);
            }
            return Trouble.NONE;
          });
      KvOutcome outcome = addOne(kv, seen);
      assertThat(outcome.status()).isEqualTo(Status.CONFLICT);
      assertThat(outcome.fresh()).as("tells what is there now").hasSize(2);
    }
    assertThat(read(kv)).isEqualTo(1);
    mustAddOne(kv);
    assertThat(read(kv)).isEqualTo(2);
  }

  // ---- servers, under load ----

  private void underLoad(int each, Callable<Void> trouble) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(3);
    AtomicBoolean over = new AtomicBoolean();
    try (TikvKv other = open()) {
      List<Future<?>> workers = new ArrayList<>();
      for (TikvKv client : List.of(kv, other)) {
        workers.add(
            pool.submit(
                () -> {
                  for (int i = 0; i < each; i++) {
                    mustAddOne(client);
                    int unused = read(client);
                  }
                }));
      }
      Future<?> maker =
          pool.submit(
              () -> {
                while (!over.get()) {
                  trouble.call();
                }
                return null;
              });
      for (Future<?> worker : workers) {
        worker.get(150, TimeUnit.SECONDS);
      }
      over.set(true);
      maker.get(30, TimeUnit.SECONDS);
    } finally {
      pool.shutdownNow();
    }
    assertThat(read(kv)).isEqualTo(2 * each);
  }

  @Test
  void storesGoAndComeBackUnderLoad() throws Exception {
    AtomicInteger turn = new AtomicInteger();
    underLoad(
        40,
        () -> {
          int n = turn.getAndIncrement();
          int store = n % 3 + 1;
          cluster.store(store).stop();
          if (n % 2 == 0) { // its peers take over; else nobody does until it is back
            cluster.regions().leave(store);
          }
          Thread.sleep(30);
          cluster.store(store).restart();
          Thread.sleep(60);
          return null;
        });
    assertThat(turn.get()).isPositive();
  }

  @Test
  void driversLoseTheLeadUnderLoad() throws Exception {
    underLoad(
        60,
        () -> {
          cluster.moveDriverLeader();
          Thread.sleep(20);
          return null;
        });
  }
}
