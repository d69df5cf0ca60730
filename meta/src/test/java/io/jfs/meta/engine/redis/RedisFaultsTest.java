package io.jfs.meta.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jfs.meta.engine.Engines;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Records.Sequence;
import io.jfs.meta.record.Records.Volume;
import io.jfs.meta.txn.Commit;
import io.jfs.meta.txn.CommitOutcome.Status;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.EngineException;
import io.jfs.meta.txn.EngineException.Kind;
import io.jfs.meta.txn.Mutation;
import io.jfs.meta.txn.Ref;
import io.jfs.meta.txn.Row;
import io.jfs.meta.txn.Transactor;
import io.jfs.meta.txn.TxnMetrics;
import io.jfs.meta.txn.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A server that goes away, is cut off, is full, or takes no writes. */
class RedisFaultsTest {
  private static final Ino DIR = new Ino(2);
  private static final Ref USED = new Ref.OfCounter<>(Records.USED_SPACE, Volume.KEY);
  private static final Mutation ADD =
      new Mutation.Add<>(Records.USED_SPACE, Volume.KEY, new long[] {1});

  private final List<AutoCloseable> resources = new ArrayList<>();

  private <T extends AutoCloseable> T closing(T resource) {
    resources.add(0, resource);
    return resource;
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable resource : resources) {
      resource.close();
    }
  }

  private RedisServer server(String... arguments) {
    return closing(RedisServer.start(arguments));
  }

  private RedisEngine engine(String url) {
    return closing((RedisEngine) Engines.open(url, Map.of()));
  }

  private RedisEngine behind(TcpProxy proxy, String options) {
    return engine("redis://127.0.0.1:" + proxy.port() + "/0?" + options);
  }

  private static Status commit(Engine engine, Mutation... mutations) {
    return engine.commit(new Commit(Map.of(), List.of(mutations))).status();
  }

  private static long used(Engine engine) {
    long[] value = (long[]) engine.fetch(List.of(USED)).get(USED).value();
    return value == null ? 0 : value[0];
  }

  private static void assertKind(Kind kind, Runnable action) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.kind()).as(e.toString()).isEqualTo(kind));
  }

  /** Repeats while the engine says that it is away. */
  private static <T> T patiently(Supplier<T> action) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (true) {
      try {
        return action.get();
      } catch (EngineException e) {
        if (e.kind() != Kind.TRANSIENT || System.nanoTime() > deadline) {
          throw e;
        }
        RedisServer.pause(20);
      }
    }
  }

  // ---- lost messages ----

  @Test
  void aLostAnswerIsUnknownAndNeverSentAgain() {
    TcpProxy proxy = closing(new TcpProxy(server().port()));
    RedisEngine engine = behind(proxy, "");
    assertThat(commit(engine, ADD)).isEqualTo(Status.COMMITTED);
    proxy.next(TcpProxy.Trouble.LOSE_ANSWER);
    assertThat(commit(engine, ADD)).isEqualTo(Status.UNKNOWN);
    assertThat(patiently(() -> used(engine))).isEqualTo(2);
    assertThat(commit(engine, ADD)).isEqualTo(Status.COMMITTED);
    assertThat(used(engine)).isEqualTo(3);
  }

  @Test
  void aLostRequestIsUnknownAndNeverSentAgain() {
    TcpProxy proxy = closing(new TcpProxy(server().port()));
    RedisEngine engine = behind(proxy, "");
    assertThat(commit(engine, ADD)).isEqualTo(Status.COMMITTED);
    proxy.next(TcpProxy.Trouble.LOSE_REQUEST);
    assertThat(commit(engine, ADD)).isEqualTo(Status.UNKNOWN);
    RedisServer.pause(100);
    assertThat(patiently(() -> used(engine))).isEqualTo(1);
  }

  @Test
  void aCutReadAndACutConfirmationArePassing() {
    TcpProxy proxy = closing(new TcpProxy(server().port()));
    RedisEngine engine = behind(proxy, "");
    proxy.next(TcpProxy.Trouble.LOSE_ANSWER);
    assertKind(Kind.TRANSIENT, () -> used(engine));
    var seen = patiently(() -> engine.fetch(List.of(USED)));
    proxy.next(TcpProxy.Trouble.LOSE_ANSWER);
    assertKind(Kind.TRANSIENT, () -> engine.commit(new Commit(seen, List.of())));
    assertThat(patiently(() -> engine.commit(new Commit(seen, List.of())).status()))
        .isEqualTo(Status.COMMITTED);
  }

  @Test
  void anAnswerThatDoesNotComeInTime() {
    TcpProxy proxy = closing(new TcpProxy(server().port()));
    RedisEngine engine = behind(proxy, "read-timeout=300ms");
    assertThat(commit(engine, ADD)).isEqualTo(Status.COMMITTED);
    proxy.next(TcpProxy.Trouble.STALL);
    assertThat(commit(engine, ADD)).isEqualTo(Status.UNKNOWN);
    proxy.next(TcpProxy.Trouble.NONE);
    assertThat(patiently(() -> used(engine))).isBetween(1L, 2L);
    proxy.next(TcpProxy.Trouble.STALL);
    assertKind(Kind.TRANSIENT, () -> used(engine));
  }

  @Test
  void anInterruptDoesNotTearACommit() {
    RedisEngine engine = engine(server().url(0));
    Thread.currentThread().interrupt();
    assertThat(commit(engine, ADD)).isEqualTo(Status.COMMITTED);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(used(engine)).isEqualTo(1);
  }

  // ---- a server that goes away ----

  @Test
  void aServerThatIsDownIsATransientFailure() {
    RedisServer server = server();
    RedisEngine engine = engine(server.url(0));
    server.kill();
    assertKind(Kind.TRANSIENT, () -> patientlyNot(engine));
    assertKind(Kind.TRANSIENT, () -> engine.allocate(Sequence.SLICE, 1));
    assertKind(Kind.TRANSIENT, () -> engine.list(Records.DENTRY, DIR, null, 10));
    server.restart();
    assertThat(patiently(() -> commit(engine, ADD))).isEqualTo(Status.COMMITTED);
  }

  /** The first commits after a crash may have an unknown outcome; then it is certain. */
  private static void patientlyNot(Engine engine) {
    for (int i = 0; i < 100; i++) {
      commit(engine, ADD);
    }
  }

  @Test
  void scriptsThatTheServerForgotAreSentAgain() {
    RedisServer server = server();
    RedisEngine engine = engine(server.url(0));
    Mutation dentry =
        new Mutation.PutField<>(
            Records.DENTRY, DIR, Name.of("a"), new Dentry(FileType.REGULAR, new Ino(3)));
    for (int i = 0; i < 3; i++) {
      server.ask("SCRIPT FLUSH");
      assertThat(commit(engine, ADD, dentry)).isEqualTo(Status.COMMITTED);
      server.ask("SCRIPT FLUSH");
      assertThat(engine.list(Records.DENTRY, DIR, null, 10).rows()).hasSize(1);
      server.ask("SCRIPT FLUSH");
      assertThat(engine.fetch(List.of(new Ref.OfAttrBehind(DIR, Name.of("a"))))).hasSize(2);
    }
    assertThat(used(engine)).isEqualTo(3);
  }

  @Test
  void operationsRideOutRestarts() throws Exception {
    RedisServer server = server("--appendonly", "yes", "--appendfsync", "always");
    RedisEngine engine = engine(server.url(0));
    commit(engine, new Mutation.SetCounter<>(Records.DIR_STAT, DIR, new long[] {0, 0, 0}));
    Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    AtomicInteger running = new AtomicInteger(3);
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    for (int t = 0; t < 3; t++) {
      int thread = t;
      threads.add(
          new Thread(
              () -> {
                try {
                  createMany(engine, thread, acknowledged);
                } catch (Throwable e) {
                  failures.add(e);
                } finally {
                  running.decrementAndGet();
                }
              }));
    }
    threads.forEach(Thread::start);
    for (int i = 0; i < 3; i++) {
      RedisServer.pause(300);
      server.kill();
      RedisServer.pause(200);
      server.restart();
    }
    for (Thread thread : threads) {
      thread.join(60_000);
    }
    assertThat(failures).isEmpty();
    assertThat(acknowledged).hasSize(3 * 400);
    Set<String> stored =
        engine.list(Records.DENTRY, DIR, null, 10_000).rows().stream()
            .map(Row::key)
            .map(Name::toString)
            .collect(Collectors.toSet());
    assertThat(stored).isEqualTo(acknowledged);
    Ref stat = new Ref.OfCounter<>(Records.DIR_STAT, DIR);
    assertThat((long[]) engine.fetch(List.of(stat)).get(stat).value())
        .containsExactly(0, 0, 3 * 400);
  }

  private static void createMany(Engine engine, int thread, Set<String> acknowledged)
      throws FsException {
    Transactor transactor =
        new Transactor(
            engine,
            Duration.ofSeconds(30),
            new Random(thread),
            System::nanoTime,
            Waiting.SYSTEM,
            new TxnMetrics());
    for (int i = 0; i < 400; i++) {
      Name name = Name.of("t" + thread + "-" + i);
      Ino ino = new Ino(1000 + thread * 1000L + i);
      transactor.run(
          ino,
          attempt -> {
            Dentry there = attempt.records().get(Records.DENTRY, DIR, name);
            if (there != null && attempt.maybeApplied() && there.ino().equals(ino)) {
              return true;
            } else if (there != null) {
              throw Errno.EEXIST.exception();
            }
            attempt.records().put(Records.DENTRY, DIR, name, new Dentry(FileType.REGULAR, ino));
            attempt.records().add(Records.DIR_STAT, DIR, 0, 0, 1);
            return true;
          });
      acknowledged.add(name.toString());
    }
  }

  // ---- a server that refuses ----

  @Test
  void aFullServerTakesRemovalsOnly() {
    RedisServer server = server("--maxmemory-policy", "noeviction");
    RedisEngine engine = engine(server.url(0));
    Mutation target = new Mutation.Put<>(Records.SYMLINK, new Ino(5), new byte[1000]);
    assertThat(commit(engine, ADD, target)).isEqualTo(Status.COMMITTED);
    server.ask("CONFIG SET maxmemory 100000");
    Mutation other = new Mutation.Put<>(Records.SYMLINK, new Ino(6), new byte[1000]);
    assertKind(Kind.FULL, () -> commit(engine, ADD, other));
    assertThat(used(engine)).isEqualTo(1);
    Transactor transactor =
        new Transactor(
            engine,
            Duration.ofSeconds(1),
            new Random(1),
            System::nanoTime,
            Waiting.SYSTEM,
            new TxnMetrics());
    assertThatThrownBy(
            () ->
                transactor.run(
                    DIR,
                    attempt -> {
                      attempt.records().put(Records.SYMLINK, new Ino(6), new byte[10]);
                      return true;
                    }))
        .isInstanceOfSatisfying(
            FsException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOSPC));
    Mutation removal = new Mutation.Delete<>(Records.SYMLINK, new Ino(5));
    assertThat(commit(engine, ADD, removal)).isEqualTo(Status.COMMITTED);
    server.ask("CONFIG SET maxmemory 0");
    assertThat(commit(engine, ADD, other)).isEqualTo(Status.COMMITTED);
    assertThat(used(engine)).isEqualTo(3);
  }

  @Test
  void aReplicaAnswersReadsOnly() {
    RedisServer master = server();
    RedisServer replica = server("--replicaof", "127.0.0.1 " + master.port());
    assertThat(commit(engine(master.url(0)), ADD)).isEqualTo(Status.COMMITTED);
    awaitReplication(replica);
    RedisEngine engine = engine(replica.url(0));
    assertThat(used(engine)).isEqualTo(1);
    assertKind(Kind.READ_ONLY, () -> commit(engine, ADD));
    var seen = engine.fetch(List.of(USED));
    assertThat(engine.commit(new Commit(seen, List.of())).status()).isEqualTo(Status.COMMITTED);
    assertThat(engine.fetch(List.of(new Ref.OfAttrBehind(DIR, Name.of("a"))))).hasSize(1);
    assertThat(engine.list(Records.DENTRY, DIR, null, 10).rows()).isEmpty();
  }

  private static void awaitReplication(RedisServer replica) {
    for (int i = 0; i < 500 && !replica.ask("EXISTS usedSpace").equals(":1"); i++) {
      RedisServer.pause(20);
    }
  }

  @Test
  void aMasterThatBecameAReplicaIsWaitedFor() {
    RedisServer server = server();
    RedisEngine engine = engine(server.url(0));
    assertThat(commit(engine, ADD)).isEqualTo(Status.COMMITTED);
    server.ask("REPLICAOF 127.0.0.1 1");
    assertKind(Kind.TRANSIENT, () -> commit(engine, ADD));
    server.ask("REPLICAOF NO ONE");
    assertThat(patiently(() -> commit(engine, ADD))).isEqualTo(Status.COMMITTED);
    assertThat(used(engine)).isEqualTo(2);
  }

  @Test
  void wrongCredentialsAreToldAtOnceAndWithoutSecrets() {
    RedisServer server = server("--requirepass", "right");
    List<String> urls =
        List.of("redis://:wrong@127.0.0.1:", "redis://me:wrong@127.0.0.1:", "redis://127.0.0.1:");
    for (int i = 0; i < 150; i++) { // the end of a connection may overtake why it was refused
      String url = urls.get(i % urls.size());
      assertThatThrownBy(() -> Engines.open(url + server.port() + "/0", Map.of()))
          .isInstanceOfSatisfying(
              EngineException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(Kind.FATAL);
                assertThat(e.getMessage()).contains("user or password").doesNotContain("wrong@");
              });
    }
    assertThat(used(engine("redis://:right@127.0.0.1:" + server.port() + "/0"))).isZero();
    Map<String, String> environment = Map.of("META_PASSWORD", "right");
    assertThat(used(closing((RedisEngine) Engines.open(server.url(0), environment)))).isZero();
  }

  @Test
  void noServerAtAll() {
    int port = RedisServer.freePort();
    assertKind(Kind.TRANSIENT, () -> Engines.open("redis://127.0.0.1:" + port + "/0", Map.of()));
  }

  @Test
  void nothingIsLeftAfterClosing() {
    RedisServer server = server();
    for (int i = 0; i < 3; i++) {
      try (RedisEngine engine = (RedisEngine) Engines.open(server.url(0), Map.of())) {
        assertThat(commit(engine, ADD)).isEqualTo(Status.COMMITTED);
      }
    }
    assertThatThrownBy(() -> Engines.open("redis://127.0.0.1:1/0", Map.of()))
        .isInstanceOf(EngineException.class);
    for (int i = 0; i < 200 && !lettuceThreads().isEmpty(); i++) {
      RedisServer.pause(20);
    }
    assertThat(lettuceThreads()).isEmpty();
    for (int i = 0; i < 200 && server.cli("client", "list").lines().count() > 1; i++) {
      RedisServer.pause(20);
    }
    assertThat(server.cli("client", "list").lines().count()).isEqualTo(1);
  }

  private static List<String> lettuceThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.contains("lettuce"))
        .toList();
  }
}
