package io.jfs.meta;

import static io.jfs.meta.TestClient.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.admin.VolumeAdmin;
import io.jfs.meta.engine.kv.KvEngine;
import io.jfs.meta.model.AttrUpdate;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.ForwardingEngine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What each operation costs on an engine that is worth a journey: requests after the kernel's own
 * lookups, which leave what they saw with the client, and without them.
 */
class RoundTripsTest {
  private final Engine engine = KvEngine.inMemory();
  private final TestClient warm = new TestClient(new Remembering(engine), 1, new TestClock());
  private Ino dir = Ino.ROOT;

  private static final class Remembering extends ForwardingEngine {
    Remembering(Engine engine) {
      super(engine);
    }

    @Override
    public boolean remembersReads() {
      return true;
    }
  }

  @BeforeEach
  void format() throws Exception {
    new VolumeAdmin(engine).create(VolumeAdmin.defaults("trips"));
    dir = warm.mkdir(Ino.ROOT, "d");
  }

  private long trips(TestClient client, TestClient.Refusable operation) throws FsException {
    long before = client.metrics.roundTrips.sum();
    operation.run();
    return client.metrics.roundTrips.sum() - before;
  }

  /** Another client, which has seen nothing but has numbers for new inodes. */
  private TestClient cold(int session) throws FsException {
    TestClient client = new TestClient(new Remembering(engine), session, new TestClock());
    client.mkfile(client.mkdir(Ino.ROOT, "elsewhere" + session), "first");
    return client;
  }

  private void look(String name) throws FsException {
    warm.find(dir, name);
  }

  @Test
  void afterALookupEveryChangeIsOneRequest() throws FsException {
    look("a");
    assertThat(trips(warm, () -> warm.mkfile(dir, "a"))).isEqualTo(1);
    look("sub");
    assertThat(trips(warm, () -> warm.mkdir(dir, "sub"))).isEqualTo(1);
    look("a");
    Ino file = warm.require(dir, "a");
    assertThat(trips(warm, () -> warm.names.setAttr(ROOT, file, AttrUpdate.ofFlags(0x20))))
        .isEqualTo(1);
    look("a");
    look("b");
    assertThat(trips(warm, () -> warm.rename(dir, "a", dir, "b"))).isEqualTo(1);
    look("b");
    assertThat(trips(warm, () -> warm.unlink(dir, "b"))).isEqualTo(1);
  }

  @Test
  void whatNoLookupBringsIsOneRequestMore() throws FsException {
    Ino file = warm.mkfile(dir, "a");
    look("a");
    look("b");
    assertThat(trips(warm, () -> warm.link(file, dir, "b"))).as("no counts yet").isEqualTo(1);
    look("b");
    assertThat(trips(warm, () -> warm.unlink(dir, "b"))).as("counts").isEqualTo(2);
    warm.mkdir(dir, "sub");
    look("sub");
    assertThat(trips(warm, () -> warm.rmdir(dir, "sub"))).as("emptiness").isEqualTo(2);
    look("a");
    assertThat(
            trips(
                warm, () -> warm.names.setXattr(ROOT, file, Name.of("user.x"), new byte[] {1}, 0)))
        .isEqualTo(2);
  }

  @Test
  void withoutALookupChangesAreTwoRequests() throws FsException {
    warm.mkfile(dir, "a");
    warm.mkfile(dir, "c");
    TestClient two = cold(2);
    assertThat(trips(two, () -> two.mkfile(dir, "x"))).isEqualTo(2);
    TestClient three = cold(3);
    assertThat(trips(three, () -> three.rename(dir, "a", dir, "b"))).isEqualTo(2);
    TestClient four = cold(4);
    assertThat(trips(four, () -> four.rename(dir, "b", dir, "c"))).isEqualTo(2);
    TestClient five = cold(5);
    assertThat(trips(five, () -> five.unlink(dir, "c"))).isEqualTo(2);
  }
}
