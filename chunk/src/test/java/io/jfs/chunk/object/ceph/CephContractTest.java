package io.jfs.chunk.object.ceph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jfs.chunk.object.ObjectInfo;
import io.jfs.chunk.object.ObjectStore;
import io.jfs.chunk.object.ObjectStoreContract;
import io.jfs.chunk.storage.ObjectStores;
import io.jfs.chunk.storage.StorageSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * The contract in a pool of a cluster from outside, whose configuration CEPH_CONF names, as
 * client.admin; {@code scripts/conformance ceph} starts one. JFS_TEST_CEPH_POOL is made and
 * emptied.
 */
@EnabledIfEnvironmentVariable(named = "JFS_TEST_CEPH_POOL", matches = ".+")
class CephContractTest extends ObjectStoreContract {
  private static final String POOL = System.getenv("JFS_TEST_CEPH_POOL");

  @Override
  protected ObjectStore open() throws IOException {
    ObjectStore store = openPool(POOL);
    store.create();
    for (ObjectInfo left : store.list("", "", 100_000)) {
      store.delete(left.key());
    }
    return store;
  }

  private static ObjectStore openPool(String pool) throws IOException {
    return ObjectStores.open(StorageSpec.of("ceph", "ceph://" + pool));
  }

  @Test
  void aPoolThatIsMissingIsNoMissingObject() throws IOException {
    try (ObjectStore store = openPool(POOL + "-missing")) {
      assertThatThrownBy(() -> store.get("k", 0, ByteBuffer.allocate(1)))
          .isInstanceOf(CephException.class)
          .hasMessageContaining("pool " + POOL + "-missing");
      assertThatThrownBy(() -> store.head("k")).isInstanceOf(CephException.class);
    }
  }

  @Test
  void anUnknownUserIsRefused() {
    StorageSpec spec = StorageSpec.of("ceph", POOL).withCredentials("ceph", "client.nobody", "");
    assertThatThrownBy(() -> ObjectStores.open(spec))
        .isInstanceOf(CephException.class)
        .hasMessageContaining("client.nobody");
  }

  @Test
  void heapBuffersAndReadOnlyOnesAreTakenFromTheirPosition() throws IOException {
    try (ObjectStore store = openPool(POOL)) {
      ByteBuffer data = ByteBuffer.wrap(new byte[] {0, 1, 2, 3, 4, 5}, 1, 4).slice();
      data.position(1);
      for (ByteBuffer given : List.of(data, data.asReadOnlyBuffer())) {
        store.put("heap", given);
        ByteBuffer into = ByteBuffer.wrap(new byte[10], 2, 8).slice();
        into.position(1);
        assertThat(store.get("heap", 0, into)).isEqualTo(3);
        assertThat(into.array()).containsExactly(0, 0, 0, 2, 3, 4, 0, 0, 0, 0);
        assertThat(into.position()).isEqualTo(4);
      }
    }
  }

  @Test
  void whatIsTooLargeForOneWriteIsRefusedWholeAndSaysWhy() throws IOException {
    try (ObjectStore store = openPool(POOL)) {
      store.put("large", ByteBuffer.allocateDirect(80 << 20));
      assertThat(store.head("large").sizeBytes()).isEqualTo(80 << 20);
      assertThatThrownBy(() -> store.put("larger", ByteBuffer.allocateDirect(100 << 20)))
          .isInstanceOf(CephException.class)
          .hasMessageContaining("osd_max_write_size");
      assertThat(store.head("larger")).isNull();
    }
  }

  @Test
  void threadsOfAMountHaveEnoughStack() throws Exception {
    List<Throwable> failures = new java.util.concurrent.CopyOnWriteArrayList<>();
    Runnable use =
        () -> {
          try (ObjectStore store = openPool(POOL)) {
            store.create();
            store.put("small-stack", ByteBuffer.allocateDirect(4 << 20));
            assertThat(store.get("small-stack", 0, ByteBuffer.allocateDirect(4 << 20)))
                .isEqualTo(4 << 20);
            assertThat(store.list("small-stack", "", 1)).hasSize(1);
            store.delete("small-stack");
          } catch (IOException | AssertionError e) {
            failures.add(e);
          }
        };
    Thread small = new Thread(null, use, "small", 256 << 10);
    small.start();
    small.join();
    assertThat(failures).isEmpty();
  }

  @Test
  void afterClosingRequestsFail() throws IOException {
    ObjectStore store = openPool(POOL);
    store.put("k", ByteBuffer.allocate(1));
    store.close();
    store.close();
    assertThatThrownBy(() -> store.head("k"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void closingWaitsForRequestsUnderWay() throws Exception {
    for (int round = 0; round < 5; round++) {
      ObjectStore store = openPool(POOL);
      List<Thread> threads =
          IntStream.range(0, 8)
              .mapToObj(n -> new Thread(() -> useUntilClosed(store, "busy" + n)))
              .toList();
      threads.forEach(Thread::start);
      Thread.sleep(50);
      store.close();
      for (Thread thread : threads) {
        thread.join(20_000);
        assertThat(thread.isAlive()).isFalse();
      }
    }
  }

  private static void useUntilClosed(ObjectStore store, String key) {
    ByteBuffer data = ByteBuffer.allocateDirect(1 << 20);
    try {
      while (true) {
        store.put(key, data);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("closed");
    }
  }
}
