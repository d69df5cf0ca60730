package io.jfs.meta.engine.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.resource.ClientResources;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * Makes connections: finds the server that holds the volume (through Sentinel or a cluster's slots
 * where the address says so) and connects to that one, directly where that can be. Lettuce never
 * reconnects by itself: it would send commits again whose answer was lost. All methods throw what
 * Lettuce throws.
 */
final class RedisConnector implements AutoCloseable {
  private static final Duration SHORTEST_CONNECT_TIMEOUT = Duration.ofMillis(100);

  /** How often a handshake is begun that ends without a reason. */
  private static final int HANDSHAKES = 4;

  private final RedisUrl url;
  private final RandomGenerator random;
  private final ClientResources resources;
  private final RedisClient client;

  RedisConnector(RedisUrl url, RandomGenerator random) {
    this.url = url;
    this.random = random;
    this.resources =
        ClientResources.builder()
            .ioThreadPoolSize(2)
            .computationThreadPoolSize(2)
            .commandLatencyRecorder(CommandLatencyRecorder.disabled())
            .build();
    this.client = RedisClient.create(resources);
    client.setOptions(options(url));
  }

  private static ClientOptions options(RedisUrl url) {
    SocketOptions.Builder socket =
        SocketOptions.builder().connectTimeout(connectTimeout(url.options()));
    if (url.kind() == RedisUrl.Kind.UNIX) {
      socket.keepAlive(false);
    } else {
      socket
          .tcpNoDelay(true)
          .keepAlive(
              SocketOptions.KeepAliveOptions.builder()
                  .enable()
                  .idle(Duration.ofSeconds(30))
                  .interval(Duration.ofSeconds(10))
                  .count(3)
                  .build())
          .tcpUserTimeout(
              SocketOptions.TcpUserTimeoutOptions.builder()
                  .enable()
                  .tcpUserTimeout(url.options().writeTimeout())
                  .build());
    }
    return ClientOptions.builder()
        .autoReconnect(false)
        .socketOptions(socket.build())
        .sslOptions(ssl(url.options().tls()))
        .build();
  }

  private static Duration connectTimeout(RedisOptions options) {
    Duration timeout = options.writeTimeout();
    return timeout.compareTo(SHORTEST_CONNECT_TIMEOUT) < 0 ? SHORTEST_CONNECT_TIMEOUT : timeout;
  }

  private static SslOptions ssl(RedisOptions.Tls tls) {
    SslOptions.Builder ssl = SslOptions.builder().jdkSslProvider();
    if (tls.caFile() != null) {
      ssl.trustManager(new File(tls.caFile()));
    }
    if (tls.certFile() != null && tls.keyFile() != null) {
      ssl.keyManager(new File(tls.certFile()), new File(tls.keyFile()), null);
    }
    if (tls.serverName() != null) {
      SSLParameters parameters = new SSLParameters();
      parameters.setServerNames(List.of(new SNIHostName(tls.serverName())));
      ssl.sslParameters(() -> parameters);
    }
    return ssl.build();
  }

  /** What the server says about itself, over a connection of its own. */
  ServerFacts facts() {
    RuntimeException failure = new IllegalStateException("no address");
    for (RedisURI entry : entries(0)) {
      try (StatefulRedisConnection<byte[], byte[]> connection = open(entry)) {
        return ServerFacts.parse(connection.sync().info());
      } catch (RuntimeException e) {
        failure = e;
      }
    }
    throw failure;
  }

  /** Opens ways to the server that holds the volume. */
  RedisConnections connect(boolean isCluster) {
    RedisURI master = isCluster ? slotOwner() : entries(url.database()).get(0);
    List<Wire> opened = new ArrayList<>();
    try {
      StatefulRedisConnection<byte[], byte[]> first = open(master);
      SharedWire bulk = new SharedWire(first);
      opened.add(bulk);
      Wire main = isDirect(master) ? direct(master, bulk, false) : new SharedWire(open(master));
      opened.add(main);
      return new RedisConnections(main, bulk, replica(first, isCluster));
    } catch (RuntimeException e) {
      opened.forEach(Wire::close);
      throw e;
    }
  }

  /**
   * Connects. When a server refuses the handshake, Lettuce closes the connection, and now and then
   * hears of the end before it has told the refusal: then nobody knows why, and it is asked again.
   */
  private StatefulRedisConnection<byte[], byte[]> open(RedisURI uri) {
    for (int attempt = 1; ; attempt++) {
      try {
        return client.connect(ByteArrayCodec.INSTANCE, uri);
      } catch (RedisConnectionException e) {
        if (attempt == HANDSHAKES || !endedWithoutReason(e)) {
          throw e;
        }
      }
    }
  }

  private static boolean endedWithoutReason(RedisConnectionException failure) {
    Throwable root = RedisFailures.rootOf(failure);
    return root instanceof RedisConnectionException || root instanceof IllegalStateException;
  }

  /** Whether the address says itself which server it is, one that speaks in the clear over TCP. */
  private boolean isDirect(RedisURI uri) {
    return !url.tls() && uri.getSocket() == null && uri.getSentinels().isEmpty();
  }

  private CombiningWire direct(RedisURI uri, Wire guard, boolean isClusterReplica) {
    RedisUrl.Host host = new RedisUrl.Host(uri.getHost(), uri.getPort());
    return new CombiningWire(host, greetings(uri, isClusterReplica), url.options(), guard);
  }

  private List<CombiningWire.Greeting> greetings(RedisURI uri, boolean isClusterReplica) {
    List<CombiningWire.Greeting> greetings = new ArrayList<>();
    if (url.password() != null) {
      List<byte[]> words = new ArrayList<>();
      if (url.user() != null) {
        words.add(url.user().getBytes(StandardCharsets.UTF_8));
      }
      words.add(url.password().getBytes(StandardCharsets.UTF_8));
      greetings.add(new CombiningWire.Greeting(CommandType.AUTH, words));
    }
    if (uri.getDatabase() != 0) {
      List<byte[]> database = List.of(KeyCommand.decimal(uri.getDatabase()));
      greetings.add(new CombiningWire.Greeting(CommandType.SELECT, database));
    }
    if (isClusterReplica) {
      greetings.add(new CombiningWire.Greeting(CommandType.READONLY, List.of()));
    }
    return greetings;
  }

  // ---- addresses ----

  /** Where to knock: one address, or any of the cluster's nodes. */
  private List<RedisURI> entries(int database) {
    return switch (url.kind()) {
      case UNIX ->
          List.of(finish(RedisURI.Builder.socket(String.valueOf(url.unixSocket())), database));
      case SENTINEL -> List.of(finish(sentinels(), database));
      case SERVER, CLUSTER ->
          url.hosts().stream().map(host -> finish(builder(host), database)).toList();
    };
  }

  private RedisURI.Builder sentinels() {
    RedisURI.Builder builder =
        RedisURI.builder().withSentinelMasterId(String.valueOf(url.masterName()));
    for (RedisUrl.Host host : url.hosts()) {
      RedisURI.Builder sentinel = builder(host).withTimeout(url.options().readTimeout());
      encrypt(sentinel);
      if (url.sentinelPassword() != null) {
        sentinel.withPassword(url.sentinelPassword().toCharArray());
      }
      builder.withSentinel(sentinel.build());
    }
    return builder;
  }

  private static RedisURI.Builder builder(RedisUrl.Host host) {
    return RedisURI.builder().withHost(host.name()).withPort(host.port());
  }

  private RedisURI finish(RedisURI.Builder builder, int database) {
    builder.withTimeout(url.options().readTimeout());
    if (database != 0) {
      builder.withDatabase(database);
    }
    if (url.kind() != RedisUrl.Kind.UNIX) {
      encrypt(builder);
    }
    if (url.password() != null && url.user() != null) {
      builder.withAuthentication(url.user(), url.password().toCharArray());
    } else if (url.password() != null) {
      builder.withPassword(url.password().toCharArray());
    }
    return builder.build();
  }

  private void encrypt(RedisURI.Builder builder) {
    if (url.tls()) {
      boolean skip = url.options().tls().skipVerify();
      builder.withSsl(true).withVerifyPeer(skip ? SslVerifyMode.NONE : SslVerifyMode.FULL);
    }
  }

  // ---- cluster ----

  /** The master of the one slot in which the whole volume lies; asks the known nodes in turn. */
  private RedisURI slotOwner() {
    int slot = SlotHash.getSlot(url.hashTag());
    RuntimeException failure = new IllegalStateException("no node serves slot " + slot);
    for (RedisUrl.Host host : url.hosts()) {
      try (StatefulRedisConnection<byte[], byte[]> connection = open(finish(builder(host), 0))) {
        RedisUrl.Host owner = slotOwner(connection.sync().clusterSlots(), slot, host);
        if (owner != null) {
          return finish(builder(owner), 0);
        }
      } catch (RuntimeException e) {
        failure = e;
      }
    }
    throw failure;
  }

  private static RedisUrl.@Nullable Host slotOwner(
      List<Object> ranges, int slot, RedisUrl.Host asked) {
    for (Object range : ranges) {
      List<?> parts = (List<?>) range;
      if ((Long) parts.get(0) <= slot && slot <= (Long) parts.get(1)) {
        List<?> master = (List<?>) parts.get(2);
        String name = new String((byte[]) master.get(0), StandardCharsets.US_ASCII);
        return new RedisUrl.Host(
            name.isEmpty() ? asked.name() : name, Math.toIntExact((Long) master.get(1)));
      }
    }
    return null;
  }

  // ---- replicas ----

  /** A way to the server that reads shall go to; null for the master. */
  private @Nullable Wire replica(
      StatefulRedisConnection<byte[], byte[]> master, boolean isCluster) {
    RedisOptions.ReadRoute route = url.options().readRoute();
    if (route == RedisOptions.ReadRoute.MASTER) {
      return null;
    }
    List<RedisUrl.Host> replicas = replicas(master.sync().role());
    int choices = replicas.size() + (route == RedisOptions.ReadRoute.REPLICA ? 0 : 1);
    int chosen =
        route == RedisOptions.ReadRoute.LATENCY
            ? nearest(master, replicas, isCluster)
            : random.nextInt(Math.max(1, choices));
    if (chosen >= replicas.size()) {
      return null;
    }
    RedisURI uri = replicaUri(replicas.get(chosen), isCluster);
    SharedWire shared = new SharedWire(openReplica(uri, isCluster));
    return isDirect(uri) ? direct(uri, shared, isCluster) : shared;
  }

  private RedisURI replicaUri(RedisUrl.Host host, boolean isCluster) {
    return finish(builder(host), isCluster ? 0 : url.database());
  }

  private StatefulRedisConnection<byte[], byte[]> openReplica(RedisURI uri, boolean isCluster) {
    StatefulRedisConnection<byte[], byte[]> connection = open(uri);
    if (isCluster) {
      connection.sync().readOnly();
    }
    return connection;
  }

  private int nearest(
      StatefulRedisConnection<byte[], byte[]> master,
      List<RedisUrl.Host> replicas,
      boolean isCluster) {
    int nearest = replicas.size();
    long best = pingNanos(master);
    for (int i = 0; i < replicas.size(); i++) {
      try (StatefulRedisConnection<byte[], byte[]> c =
          openReplica(replicaUri(replicas.get(i), isCluster), isCluster)) {
        long nanos = pingNanos(c);
        nearest = nanos < best ? i : nearest;
        best = Math.min(best, nanos);
      }
    }
    return nearest;
  }

  /** Shortest of a few round trips. */
  private static long pingNanos(StatefulRedisConnection<byte[], byte[]> connection) {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      long start = System.nanoTime();
      connection.sync().ping();
      best = Math.min(best, System.nanoTime() - start);
    }
    return best;
  }

  private static List<RedisUrl.Host> replicas(List<Object> role) {
    List<RedisUrl.Host> hosts = new ArrayList<>();
    if (role.size() > 2 && role.get(2) instanceof List<?> replicas) {
      for (Object replica : replicas) {
        List<?> parts = (List<?>) replica;
        hosts.add(new RedisUrl.Host(text(parts.get(0)), Integer.parseInt(text(parts.get(1)))));
      }
    }
    return hosts;
  }

  private static String text(@Nullable Object part) {
    return part instanceof byte[] bytes
        ? new String(bytes, StandardCharsets.US_ASCII)
        : String.valueOf(part);
  }

  @Override
  public void close() {
    client.shutdownAsync(0, 1, TimeUnit.SECONDS).join();
    resources.shutdown(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2000);
  }
}
