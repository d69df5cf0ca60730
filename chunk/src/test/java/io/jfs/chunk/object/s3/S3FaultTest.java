package io.jfs.chunk.object.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jfs.cache.block.BlockCache;
import io.jfs.cache.block.BlockNaming;
import io.jfs.cache.page.MemoryBudget;
import io.jfs.cache.page.PagePool;
import io.jfs.cache.page.PageSlice;
import io.jfs.chunk.object.ObjectStore;
import io.jfs.chunk.object.s3.FaultyProxy.Fault;
import io.jfs.chunk.slice.ChunkConfig;
import io.jfs.chunk.slice.DefaultSliceStore;
import io.jfs.chunk.slice.SliceMetrics;
import io.jfs.chunk.slice.SliceStore;
import io.jfs.chunk.slice.SliceWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that misbehaves on the wire. */
@Timeout(90)
class S3FaultTest {
  private static final int SIZE = 300_000;

  /** Two seconds on a machine with nothing else to do; every time-out is much longer. */
  private static final Duration SOON = Duration.ofSeconds(12);

  private static S3Server server;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private FaultyProxy proxy;
  private ObjectStore objects;

  @BeforeAll
  static void startServer() throws Exception {
    server = new S3Server();
  }

  @AfterAll
  static void stopServer() throws Exception {
    server.close();
  }

  @BeforeEach
  void start() throws IOException {
    proxy = new FaultyProxy(server.port());
    objects = S3Server.openBucket(proxy.port());
    objects.create();
  }

  @AfterEach
  void end() throws IOException {
    objects.close();
    proxy.close();
    threads.shutdownNow();
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"REFUSE", "RESET", "UNAVAILABLE", "CORRUPT_ANSWERS"})
  void aSpoiltGetIsAnErrorAndTheNextOneIsRight(Fault fault) throws IOException {
    byte[] bytes = bytes(1);
    objects.put("k", direct(bytes));
    proxy.set(fault);
    assertThatThrownBy(() -> get("k")).isInstanceOf(IOException.class);
    proxy.set(Fault.NONE);
    assertThat(get("k")).isEqualTo(bytes);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"REFUSE", "UNAVAILABLE", "RESET_REQUESTS"})
  void aSpoiltPutIsAnError(Fault fault) throws IOException {
    proxy.set(fault);
    assertThatThrownBy(() -> objects.put("k", direct(bytes(1)))).isInstanceOf(IOException.class);
    proxy.set(Fault.NONE);
    objects.put("k", direct(bytes(2)));
    assertThat(get("k")).isEqualTo(bytes(2));
  }

  @Test
  void aCorruptedPutNeverReadsAsRight() throws IOException {
    proxy.set(Fault.CORRUPT_REQUESTS);
    try {
      objects.put("k", direct(bytes(1)));
    } catch (IOException e) {
      return; // the server checked
    }
    proxy.set(Fault.NONE);
    assertThatThrownBy(() -> get("k")).hasMessageContaining("checksum");
  }

  @Test
  void connectionsAreUsedAgainAndDroppedOnesReplaced() throws IOException {
    objects.put("k", direct(bytes(1)));
    int before = proxy.connections();
    for (int i = 0; i < 20; i++) {
      assertThat(get("k")).isEqualTo(bytes(1));
    }
    assertThat(proxy.connections() - before).isLessThanOrEqualTo(1);
    proxy.set(Fault.REFUSE); // cuts the idle one
    proxy.set(Fault.NONE);
    assertThat(get("k")).isEqualTo(bytes(1));
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"REFUSE", "HANG", "UNAVAILABLE", "RESET_REQUESTS"})
  void writersGoOnSoonAfterTheStoreIsBack(Fault fault) throws Exception {
    PagePool pool = new PagePool(new MemoryBudget(16 << 20));
    byte[] bytes = bytes(3);
    ChunkConfig config = ChunkConfig.defaults().withVolume(64 << 10, BlockNaming.PLAIN, "none");
    try (SliceStore slices =
        new DefaultSliceStore(objects, BlockCache.NONE, pool, config, new SliceMetrics())) {
      proxy.set(fault);
      SliceWriter writer = slices.newWriter();
      writer.assignId(1);
      writer.write(0, direct(bytes));
      CompletableFuture<Void> done = writer.finish();
      TimeUnit.SECONDS.sleep(6);
      assertThat(done).isNotDone();
      proxy.set(Fault.NONE);
      assertThat(done).succeedsWithin(SOON);
      ByteBuffer all = ByteBuffer.allocate(SIZE);
      while (all.hasRemaining()) {
        try (PageSlice piece = slices.read(1, SIZE, all.position(), all.remaining(), true)) {
          all.put(piece.buffer());
        }
      }
      assertThat(all.array()).isEqualTo(bytes);
    }
    assertThat(pool.outstanding()).isZero();
  }

  @Test
  void aRequestThatBeganInTheOutageIsNotLeftHanging() throws Exception {
    byte[] bytes = bytes(4);
    objects.put("k", direct(bytes));
    proxy.set(Fault.HANG);
    List<CompletableFuture<byte[]>> reads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      reads.add(CompletableFuture.supplyAsync(this::getUntilItWorks, threads));
      TimeUnit.MILLISECONDS.sleep(900);
    }
    proxy.set(Fault.NONE);
    for (CompletableFuture<byte[]> read : reads) {
      assertThat(read).succeedsWithin(SOON).isEqualTo(bytes);
    }
  }

  private byte[] getUntilItWorks() {
    for (; ; ) {
      try {
        return get("k");
      } catch (IOException e) {
        Thread.onSpinWait(); // the next try
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"REFUSE", "HANG", "UNAVAILABLE"})
  void whoPausesIsWokenWhenTheStoreIsBack(Fault fault) throws Exception {
    PagePool pool = new PagePool(new MemoryBudget(16 << 20));
    CompletableFuture<Void> woken = new CompletableFuture<>();
    Runnable wake = () -> woken.complete(null);
    try (SliceStore slices =
        new DefaultSliceStore(
            objects, BlockCache.NONE, pool, ChunkConfig.defaults(), new SliceMetrics())) {
      proxy.set(fault);
      slices.wakeOnRecovery(wake);
      TimeUnit.SECONDS.sleep(3);
      assertThat(woken).isNotDone();
      proxy.set(Fault.NONE);
      assertThat(woken).succeedsWithin(SOON);
      slices.stopWaking(wake);
    }
  }

  /** Whatever happens on the wire, what a read returns is what was written. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void noWrongByteIsEverReturned(long seed) throws Exception {
    Random random = new Random(seed);
    PagePool pool = new PagePool(new MemoryBudget(16 << 20));
    ChunkConfig config =
        ChunkConfig.defaults().withVolume(64 << 10, BlockNaming.PLAIN, "none").withIoRetries(2);
    int answers = 0;
    try (SliceStore slices =
        new DefaultSliceStore(objects, BlockCache.NONE, pool, config, new SliceMetrics())) {
      for (int id = 1; id <= 8; id++) {
        write(slices, id);
      }
      Fault[] faults = {
        Fault.NONE, Fault.RESET, Fault.SLOW, Fault.UNAVAILABLE, Fault.CORRUPT_ANSWERS, Fault.REFUSE
      };
      for (int i = 0; i < 120; i++) {
        proxy.set(faults[random.nextInt(faults.length)]);
        int id = 1 + random.nextInt(8);
        int off = random.nextInt(SIZE);
        try (PageSlice piece = slices.read(id, SIZE, off, 1 + random.nextInt(SIZE - off), false)) {
          byte[] got = new byte[piece.lengthBytes()];
          piece.buffer().get(got);
          byte[] right = Arrays.copyOfRange(bytes(id), off, off + got.length);
          assertThat(got).as("slice %d at %d", id, off).isEqualTo(right);
          answers++;
        } catch (IOException e) {
          assertThat(proxy.fault()).isNotEqualTo(Fault.SLOW);
        }
      }
    }
    assertThat(answers).isPositive();
    assertThat(pool.outstanding()).isZero();
  }

  private static void write(SliceStore slices, int id) throws Exception {
    SliceWriter writer = slices.newWriter();
    writer.assignId(id);
    writer.write(0, direct(bytes(id)));
    writer.finish().get();
  }

  private byte[] get(String key) throws IOException {
    ByteBuffer into = ByteBuffer.allocateDirect(SIZE);
    int count = objects.get(key, 0, into);
    byte[] bytes = new byte[count];
    into.flip().get(bytes);
    return bytes;
  }

  private static byte[] bytes(int seed) {
    byte[] bytes = new byte[SIZE];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }
}
