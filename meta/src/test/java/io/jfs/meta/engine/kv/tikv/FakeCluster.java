package io.jfs.meta.engine.kv.tikv;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/**
 * Two placement drivers and three stores in this process, behind real sockets. Regions can be
 * split, merged and moved, and every request can be made to fail.
 */
public final class FakeCluster implements AutoCloseable {
  private static final int STORES = 3;
  private static final long FIRST_MILLIS = 1_800_000_000_000L;

  private final FakeMvcc mvcc = new FakeMvcc();
  private final FakeRegions regions = new FakeRegions(STORES);
  private final List<FakeStore> stores = new ArrayList<>();
  private final List<FakeDriver> drivers = new ArrayList<>();
  private final Map<String, LongAdder> requests = new ConcurrentHashMap<>();
  private final long startNanos = System.nanoTime();
  private final SslContext tls;
  private volatile int leader;
  private long lastTs;
  private long jumpMillis;
  private long safePoint;

  public FakeCluster() {
    this(null);
  }

  /**
   * @param tls for all servers; null: plain
   */
  FakeCluster(SslContext tls) {
    this.tls = tls;
    for (int id = 1; id <= STORES; id++) {
      stores.add(new FakeStore(id, this));
    }
    drivers.add(new FakeDriver(1, this));
    drivers.add(new FakeDriver(2, this));
  }

  /** The address of a volume on it. */
  public String url(String volume) {
    return drivers.stream()
        .map(FakeDriver::address)
        .collect(Collectors.joining(",", "tikv://", "/" + volume));
  }

  /** A key of a volume as the cluster knows it. */
  static ByteString key(String volume, byte[] key) {
    byte[] path = volume.getBytes(StandardCharsets.UTF_8);
    return ByteString.copyFrom(path)
        .concat(ByteString.copyFrom(new byte[] {(byte) 0xFD}))
        .concat(ByteString.copyFrom(key));
  }

  /** Cuts a volume where counters, attributes, small inodes and the rest lie apart. */
  public FakeCluster cut(String volume) {
    for (byte[] at :
        List.of(
            new byte[] {'A'},
            new byte[] {'A', 2},
            new byte[] {'A', 50},
            new byte[] {'B'},
            new byte[] {'L'})) {
      regions.split(key(volume, at));
      regions.moveLeader(key(volume, at));
    }
    return this;
  }

  /**
   * Starts a server of the cluster on loopback.
   *
   * @param port 0: any
   */
  Server serve(ServerServiceDefinition service, int port) {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .addService(service);
    try {
      return (tls == null ? builder : builder.sslContext(tls)).build().start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  FakeMvcc mvcc() {
    return mvcc;
  }

  FakeRegions regions() {
    return regions;
  }

  FakeStore store(int id) {
    return stores.get(id - 1);
  }

  List<FakeDriver> drivers() {
    return drivers;
  }

  FakeDriver leader() {
    return drivers.get(leader);
  }

  /** The other placement driver leads from now on. */
  void moveDriverLeader() {
    leader = 1 - leader;
  }

  /** What happens to requests from now on, at every store. */
  void trouble(Trouble.Maker maker) {
    stores.forEach(store -> store.trouble(maker));
  }

  void calm() {
    trouble((procedure, keys) -> Trouble.NONE);
  }

  void count(String procedure) {
    requests.computeIfAbsent(procedure, name -> new LongAdder()).increment();
  }

  /** How many requests of each procedure there have been. */
  public Map<String, Long> requests() {
    Map<String, Long> sums = new TreeMap<>();
    requests.forEach((procedure, counter) -> sums.put(procedure, counter.sum()));
    return sums;
  }

  /** How many requests of a procedure there have been. */
  long requests(String procedure) {
    LongAdder counter = requests.get(procedure);
    return counter == null ? 0 : counter.sum();
  }

  /** The last of a number of fresh timestamps. */
  synchronized long timestamps(int count) {
    long millis =
        FIRST_MILLIS + jumpMillis + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    lastTs = Math.max(lastTs, millis << 18) + count;
    return lastTs;
  }

  /** The clock goes on so much later; timestamps never go back. */
  synchronized void jump(long millis) {
    jumpMillis += millis;
  }

  /** Moves the safe point, never back, and drops what lies before it at once. */
  synchronized long moveSafePoint(long ts) {
    safePoint = Math.max(safePoint, ts);
    mvcc.collect(safePoint);
    return safePoint;
  }

  synchronized long safePoint() {
    return safePoint;
  }

  @Override
  public void close() {
    stores.forEach(FakeStore::close);
    drivers.forEach(FakeDriver::close);
  }
}
