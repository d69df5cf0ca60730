package io.jfs.meta.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jfs.meta.engine.Engines;
import io.jfs.meta.model.Ino;
import io.jfs.meta.record.Records;
import io.jfs.meta.txn.Commit;
import io.jfs.meta.txn.CommitOutcome.Status;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.EngineException;
import io.jfs.meta.txn.EngineException.Kind;
import io.jfs.meta.txn.Mutation;
import io.jfs.meta.txn.Ref;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways to reach a server: Unix socket, users, TLS, Sentinel, replicas. */
class RedisConnectionsTest {
  private static final Ref PLACE = new Ref.OfCell<>(Records.SYMLINK, new Ino(5));
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

  private static Status write(Engine engine, int value) {
    Mutation put = new Mutation.Put<>(Records.SYMLINK, new Ino(5), new byte[] {(byte) value});
    return engine.commit(new Commit(Map.of(), List.of(put))).status();
  }

  private static byte[] read(Engine engine) {
    return (byte[]) engine.fetch(List.of(PLACE)).get(PLACE).value();
  }

  private static void assertWorks(Engine engine) {
    assertThat(write(engine, 9)).isEqualTo(Status.COMMITTED);
    assertThat(read(engine)).isEqualTo(new byte[] {9});
    assertThat(engine.scan(Records.SYMLINK, null, 10).rows()).hasSize(1);
  }

  private static <T> T patiently(Supplier<T> action) {
    long deadline = System.nanoTime() + Duration.ofSeconds(40).toNanos();
    while (true) {
      try {
        return action.get();
      } catch (EngineException e) {
        assertThat(e.kind()).as(e.toString()).isEqualTo(Kind.TRANSIENT);
        if (System.nanoTime() > deadline) {
          throw e;
        }
        RedisServer.pause(50);
      }
    }
  }

  @Test
  void unixSocket(@TempDir Path directory) {
    Path socket = directory.resolve("redis.sock");
    server("--unixsocket", socket.toString());
    RedisEngine engine = engine("unix://" + socket + "?db=2");
    assertWorks(engine);
    assertThat(engine.describe()).isEqualTo("unix://" + socket + "?db=2");
  }

  @Test
  void databasesAreSeparate() {
    RedisServer server = server();
    assertWorks(engine(server.url(1)));
    assertThat(read(engine(server.url(2)))).isNull();
    engine(server.url(2)).destroy();
    assertThat(read(engine(server.url(1)))).isNotNull();
  }

  @Test
  void usersWithTheLeastRights() {
    RedisServer server = server();
    server.cli("acl", "setuser", "jfs", "on", ">p@ss:1", "~*", "+@all", "-@dangerous", "+info");
    RedisEngine engine = engine("redis://jfs:p%40ss%3A1@127.0.0.1:" + server.port() + "/1");
    assertWorks(engine);
    assertThat(engine.describe()).isEqualTo("redis://jfs:****@127.0.0.1:" + server.port() + "/1");
    server.cli("acl", "setuser", "jfs", "-set");
    assertThatThrownBy(() -> write(engine, 1)).isInstanceOf(EngineException.class);
  }

  // ---- TLS ----

  /** A CA, a server's and a client's certificate. */
  private static void makeCertificates(Path directory) {
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "no openssl");
    String d = directory.toString();
    RedisServer.run(
        List.of(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=test ca",
            "-keyout",
            d + "/ca.key",
            "-out",
            d + "/ca.crt"));
    try {
      Files.writeString(directory.resolve("ext"), "subjectAltName=DNS:meta.test,IP:127.0.0.1\n");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    for (String name : List.of("server", "client")) {
      RedisServer.run(
          List.of(
              "openssl",
              "req",
              "-newkey",
              "rsa:2048",
              "-nodes",
              "-subj",
              "/CN=" + name,
              "-keyout",
              d + "/" + name + ".key",
              "-out",
              d + "/" + name + ".csr"));
      RedisServer.run(
          List.of(
              "openssl",
              "x509",
              "-req",
              "-in",
              d + "/" + name + ".csr",
              "-days",
              "2",
              "-CA",
              d + "/ca.crt",
              "-CAkey",
              d + "/ca.key",
              "-CAcreateserial",
              "-extfile",
              d + "/ext",
              "-out",
              d + "/" + name + ".crt"));
    }
  }

  private RedisServer tlsServer(Path directory, int port, String authClients) {
    return closing(
        RedisServer.start(
            0,
            "--tls-port",
            "" + port,
            "--tls-cert-file",
            directory + "/server.crt",
            "--tls-key-file",
            directory + "/server.key",
            "--tls-ca-cert-file",
            directory + "/ca.crt",
            "--tls-auth-clients",
            authClients,
            "--requirepass",
            "pw"));
  }

  @Test
  void tls(@TempDir Path directory) {
    makeCertificates(directory);
    int port = RedisServer.freePort();
    tlsServer(directory, port, "no");
    String ca = "?tls-ca-cert-file=" + directory + "/ca.crt";
    assertWorks(engine("rediss://:pw@127.0.0.1:" + port + "/1" + ca));
    assertWorks(engine("rediss://:pw@127.0.0.1:" + port + "/1?insecure-skip-verify=true"));
    assertWorks(
        engine("rediss://:pw@127.0.0.1:" + port + "/1" + ca + "&tls-server-name=meta.test"));
    assertThatThrownBy(() -> engine("rediss://:pw@127.0.0.1:" + port + "/1"))
        .isInstanceOfSatisfying(
            EngineException.class,
            e -> assertThat(e.kind()).as(e.toString()).isEqualTo(Kind.FATAL));
    assertThatThrownBy(() -> engine("rediss://:pw@localhost:" + port + "/1" + ca))
        .as("the certificate is for another name")
        .isInstanceOf(EngineException.class);
  }

  @Test
  void tlsWithClientCertificates(@TempDir Path directory) {
    makeCertificates(directory);
    int port = RedisServer.freePort();
    tlsServer(directory, port, "yes");
    String base = "rediss://:pw@127.0.0.1:" + port + "/1?tls-ca-cert-file=" + directory + "/ca.crt";
    String own =
        "&tls-cert-file=" + directory + "/client.crt&tls-key-file=" + directory + "/client.key";
    assertWorks(engine(base + own));
    assertThatThrownBy(() -> engine(base)).isInstanceOf(EngineException.class);
  }

  // ---- Sentinel and replicas ----

  @Test
  void sentinelFailover(@TempDir Path directory) throws Exception {
    RedisServer master = server();
    RedisServer replica = server("--replicaof", "127.0.0.1 " + master.port());
    int port = RedisServer.freePort();
    Path config = directory.resolve("sentinel.conf");
    Files.writeString(
        config,
        String.join(
            "\n",
            "port " + port,
            "bind 127.0.0.1",
            "dir " + directory,
            "sentinel monitor mymaster 127.0.0.1 " + master.port() + " 1",
            "sentinel down-after-milliseconds mymaster 1000",
            "sentinel failover-timeout mymaster 3000",
            ""));
    RedisServer sentinel = closing(RedisServer.start(port, config.toString(), "--sentinel"));
    RedisEngine engine = engine("redis://mymaster,127.0.0.1:" + port + "/1");
    assertWorks(engine);
    awaitLine(sentinel, "num-slaves", "1", "sentinel", "master", "mymaster");
    awaitLine(sentinel, "slave-repl-offset", null, "sentinel", "slaves", "mymaster");
    master.kill();
    assertThat(patiently(() -> afterFailover(engine))).isEqualTo(Status.COMMITTED);
    assertThat(read(engine)).isEqualTo(new byte[] {10});
    assertThat(replica.ask("ROLE")).startsWith("*");
    assertThat(replica.cli("-n", "1", "strlen", "s5")).isEqualTo("1");
  }

  private static Status afterFailover(Engine engine) {
    Status status = write(engine, 10);
    return status == Status.UNKNOWN ? write(engine, 10) : status;
  }

  /** Waits until a field has a value, or, with null, one that is not 0. */
  private static void awaitLine(RedisServer server, String field, String value, String... command) {
    for (int i = 0; i < 300; i++) {
      List<String> lines = server.cli(command).lines().toList();
      int at = lines.indexOf(field);
      String found = at < 0 ? "" : lines.get(at + 1);
      if (value == null ? !found.isEmpty() && !found.equals("0") : found.equals(value)) {
        return;
      }
      RedisServer.pause(100);
    }
    throw new AssertionError(field + " did not become " + value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"replica", "latency", "random"})
  void readsGoToReplicas(String route) {
    RedisServer master = server();
    RedisServer replica = server("--replicaof", "127.0.0.1 " + master.port());
    awaitReplicas(master);
    RedisEngine engine = engine(master.url(0) + "?route-read=" + route);
    assertThat(write(engine, 3)).isEqualTo(Status.COMMITTED);
    for (int i = 0; i < 200 && read(engine) == null; i++) {
      RedisServer.pause(20);
    }
    assertThat(read(engine)).isEqualTo(new byte[] {3});
    assertThat(engine.scan(Records.SYMLINK, null, 10).rows()).hasSize(1);
    if (route.equals("replica")) {
      assertThat(replica.cli("info", "commandstats")).contains("cmdstat_get:");
      assertThat(master.cli("info", "commandstats")).doesNotContain("cmdstat_get:");
    }
  }

  private static void awaitReplicas(RedisServer master) {
    for (int i = 0; i < 500 && !master.cli("info", "replication").contains("state=online"); i++) {
      RedisServer.pause(20);
    }
  }
}
