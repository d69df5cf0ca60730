package io.jfs.meta.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.engine.Engines;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.LockOwner;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Records.Sequence;
import io.jfs.meta.txn.Commit;
import io.jfs.meta.txn.CommitOutcome.Status;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.EngineContract;
import io.jfs.meta.txn.EngineException;
import io.jfs.meta.txn.Mutation;
import io.jfs.meta.txn.Ref;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract of all engines, on a cluster: everything lies in the slot of {1}. */
class RedisClusterTest extends EngineContract {
  private static RedisCluster cluster;

  @BeforeAll
  static void start() {
    cluster = new RedisCluster();
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @BeforeEach
  void empty() {
    cluster.nodes().forEach(node -> node.ask("FLUSHALL"));
  }

  @Override
  protected Engine open() {
    return Engines.open(cluster.url(1), Map.of());
  }

  @Override
  protected int raceRounds() {
    return 100;
  }

  private static Mutation link(long ino) {
    return new Mutation.Put<>(Records.SYMLINK, new Ino(ino), new byte[] {7});
  }

  private static Status commit(Engine engine, Mutation... mutations) {
    return engine.commit(new Commit(Map.of(), List.of(mutations))).status();
  }

  @Test
  void oneNodeOfAClusterIsEnoughAndIsRecognised() {
    for (RedisServer node : cluster.nodes()) {
      try (Engine engine = Engines.open(node.url(1), Map.of())) {
        assertThat(commit(engine, link(node.port()))).isEqualTo(Status.COMMITTED);
      }
    }
    try (Engine engine = open()) {
      assertThat(engine.scan(Records.SYMLINK, null, 10).rows()).hasSize(3);
    }
  }

  @Test
  void everyKeyCarriesTheHashTag() {
    try (Engine engine = open()) {
      commit(
          engine,
          link(5),
          new Mutation.PutField<>(Records.FLOCK, new Ino(5), new LockOwner(3, 4), true));
      engine.allocate(Sequence.INODE, 10);
    }
    RedisServer owner = owner();
    assertThat(owner.cli("--raw", "keys", "*").lines())
        .containsExactlyInAnyOrder("{1}s5", "{1}lockf5", "{1}locked3", "{1}nextinode");
    assertThat(owner.cli("--raw", "smembers", "{1}locked3")).isEqualTo("{1}lockf5");
  }

  private static RedisServer owner() {
    String slot = cluster.nodes().get(0).ask("CLUSTER KEYSLOT {1}");
    return cluster.ownerOf(Integer.parseInt(slot.substring(1)));
  }

  @Test
  void destroyLeavesOtherVolumesAlone() {
    try (Engine one = open();
        Engine two = Engines.open(cluster.url(2), Map.of())) {
      commit(one, link(5));
      commit(two, link(6));
      one.destroy();
      assertThat(one.scan(Records.SYMLINK, null, 10).rows()).isEmpty();
      assertThat(two.scan(Records.SYMLINK, null, 10).rows()).hasSize(1);
    }
  }

  @Test
  void aSlotThatMovesIsFollowed() {
    try (Engine engine = open()) {
      assertThat(commit(engine, link(5))).isEqualTo(Status.COMMITTED);
      cluster.moveSlot("{1}");
      long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      Status status = null;
      while (status == null) {
        try {
          status = commit(engine, link(6));
        } catch (EngineException e) {
          assertThat(e.kind()).as(e.toString()).isEqualTo(EngineException.Kind.TRANSIENT);
          assertThat(System.nanoTime()).isLessThan(deadline);
          RedisServer.pause(20);
        }
      }
      assertThat(status).isEqualTo(Status.COMMITTED);
      Ref five = new Ref.OfCell<>(Records.SYMLINK, new Ino(5));
      assertThat(engine.fetch(List.of(five)).get(five).value()).isEqualTo(new byte[] {7});
      assertThat(engine.scan(Records.SYMLINK, null, 10).rows()).hasSize(2);
    }
  }
}
