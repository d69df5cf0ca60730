package io.jfs.meta.engine.kv.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jfs.meta.engine.Engines;
import io.jfs.meta.engine.redis.TcpProxy;
import io.jfs.meta.model.Attr;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dead leaders, full servers, wrong passwords, lost answers. */
class EtcdTroubleTest {
  @TempDir Path directory;

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

  /** Adds one, through an observation, until it is done; tells whether any answer was lost. */
  private static void increment(Engine engine, long ino) throws Exception {
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (true) {
      try {
        Map<Ref, Observed> seen = engine.fetch(List.of(ref(ino)));
        long now = seen.get(ref(ino)).value() instanceof Attr a ? a.lengthBytes() : 0;
        Status status = engine.commit(new Commit(seen, List.of(put(ino, now + 1)))).status();
        if (status == Status.COMMITTED
            || (status == Status.UNKNOWN && arrived(engine, ino, now + 1))) {
          return;
        }
      } catch (EngineException e) {
        assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
        assertThat(System.nanoTime()).as("patience").isLessThan(deadline);
        Thread.sleep(50);
      }
    }
  }

  private static boolean arrived(Engine engine, long ino, long expected) throws Exception {
    while (true) {
      try {
        return length(engine, ino) == expected;
      } catch (EngineException e) {
        Thread.sleep(50);
      }
    }
  }

  @Test
  void theLeaderOfThreeIsKilled() throws Exception {
    List<EtcdServer> servers = EtcdServer.cluster(3);
    try {
      String hosts = String.join(",", servers.stream().map(s -> "127.0.0.1:" + s.port()).toList());
      try (Engine engine = Engines.open("etcd://" + hosts + "/cluster", Map.of())) {
        for (int i = 0; i < 20; i++) {
          increment(engine, 5);
        }
        EtcdServer leader =
            servers.stream()
                .filter(s -> s.ctl("endpoint", "status").split(", ")[4].equals("true"))
                .findFirst()
                .orElseThrow();
        leader.kill();
        for (int i = 0; i < 20; i++) {
          increment(engine, 5);
        }
        assertThat(length(engine, 5)).isEqualTo(40);
      }
    } finally {
      servers.forEach(EtcdServer::close);
    }
  }

  @Test
  void aServerThatComesBackIsFoundAtOnce() throws Exception {
    try (EtcdServer server = EtcdServer.start();
        Engine engine = Engines.open(server.url("restart"), Map.of())) {
      increment(engine, 5);
      server.kill();
      EngineException e = catchThrowableOfType(EngineException.class, () -> length(engine, 5));
      assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
      assertThat(e.getMessage()).doesNotContain("\n").contains("etcd://");
      EngineException refused =
          catchThrowableOfType(
              EngineException.class, () -> engine.commit(new Commit(Map.of(), List.of(put(5, 9)))));
      assertThat(refused.kind()).as("never sent").isEqualTo(Kind.TRANSIENT);
      server.restart();
      increment(engine, 5);
      assertThat(length(engine, 5)).isEqualTo(2);
    }
  }

  @Test
  void aLostAnswerIsLookedUp() throws Exception {
    try (EtcdServer server = EtcdServer.start();
        TcpProxy proxy = new TcpProxy(server.port());
        Engine engine = Engines.open("etcd://127.0.0.1:" + proxy.port() + "/lost", Map.of())) {
      increment(engine, 5);
      for (int i = 0; i < 5; i++) {
        Map<Ref, Observed> seen = engine.fetch(List.of(ref(5)));
        long now = length(engine, 5);
        proxy.next(i % 2 == 0 ? TcpProxy.Trouble.LOSE_ANSWER : TcpProxy.Trouble.LOSE_REQUEST);
        Commit commit = new Commit(seen, List.of(put(5, now + 1)));
        assertThat(engine.commit(commit).status()).isEqualTo(Status.COMMITTED);
        assertThat(length(engine, 5)).isEqualTo(now + 1);
      }
    }
  }

  @Test
  void aFullServerIsNoSpace() throws Exception {
    try (EtcdServer server = EtcdServer.start("--quota-backend-bytes", "2000000");
        Engine engine = Engines.open(server.url("full"), Map.of())) {
      EngineException e =
          catchThrowableOfType(
              EngineException.class,
              () -> {
                for (int i = 0; i < 1000; i++) {
                  engine.commit(
                      new Commit(
                          Map.of(),
                          List.of(
                              new Mutation.PutField<>(
                                  Records.XATTR,
                                  new Ino(i),
                                  Name.of("user.fill"),
                                  new byte[50_000]))));
                }
              });
      assertThat(e.kind()).isEqualTo(Kind.FULL);
      assertThat(e).hasMessageContaining("space quota");
      assertThat(length(engine, 5)).isZero();
    }
  }

  @Test
  void tooManyChangesAreRefused() {
    try (EtcdServer server = EtcdServer.start();
        Engine engine = Engines.open(server.url("many"), Map.of())) {
      List<Mutation> mutations = new ArrayList<>();
      for (int i = 0; i < 129; i++) {
        mutations.add(put(100 + i, 1));
      }
      EngineException e =
          catchThrowableOfType(
              EngineException.class, () -> engine.commit(new Commit(Map.of(), mutations)));
      assertThat(e).hasMessageContaining("129").hasMessageContaining("128");
      assertThat(length(engine, 100)).isZero();
      mutations.remove(0);
      assertThat(engine.commit(new Commit(Map.of(), mutations)).status())
          .isEqualTo(Status.COMMITTED);
    }
  }

  @Test
  void tlsAndPassword() throws Exception {
    openssl("req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -days 2 -subj /CN=ca");
    openssl("req -newkey rsa:2048 -nodes -keyout s.key -out s.csr -subj /CN=server");
    Files.writeString(directory.resolve("ext"), "subjectAltName=DNS:localhost,IP:127.0.0.1");
    openssl(
        "x509 -req -in s.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out s.crt -days 2 -extfile ext");
    String ca = directory.resolve("ca.crt").toString();
    try (EtcdServer server =
        EtcdServer.startAs(
            "https",
            "--cert-file",
            directory.resolve("s.crt").toString(),
            "--key-file",
            directory.resolve("s.key").toString())) {
      server.ctl("--cacert=" + ca, "user", "add", "root:pw");
      server.ctl("--cacert=" + ca, "user", "grant-role", "root", "root");
      server.ctl("--cacert=" + ca, "auth", "enable");
      String place = "127.0.0.1:" + server.port() + "/tls?cacert=" + ca;
      try (Engine engine = Engines.open("etcd://root:pw@" + place, Map.of())) {
        increment(engine, 5);
        assertThat(engine.describe()).contains("root:****@").doesNotContain("pw@");
      }
      try (Engine engine = Engines.open("etcd://root@" + place, Map.of("META_PASSWORD", "pw"))) {
        assertThat(length(engine, 5)).isEqualTo(1);
      }
      assertThat(refusal("etcd://root:no@" + place)).hasMessageContaining("wrong user or password");
      assertThat(refusal("etcd://" + place)).hasMessageContaining("wants a user");
    }
  }

  private static EngineException refusal(String url) {
    EngineException e =
        catchThrowableOfType(EngineException.class, () -> Engines.open(url, Map.of()).close());
    assertThat(e).isNotNull();
    assertThat(e.kind()).isEqualTo(Kind.FATAL);
    return e;
  }

  private void openssl(String words) throws Exception {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(words.split(" ")));
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(said).isZero();
  }
}
