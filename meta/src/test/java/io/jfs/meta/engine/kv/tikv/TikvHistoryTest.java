package io.jfs.meta.engine.kv.tikv;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.jfs.meta.engine.MetaUrl;
import io.jfs.meta.engine.kv.KvCheck;
import io.jfs.meta.engine.kv.KvQuery;
import io.jfs.meta.engine.kv.KvWrite;
import io.jfs.meta.txn.CommitOutcome.Status;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Old versions go when they are old enough, and take nothing with them that somebody needs. */
@Timeout(60)
class TikvHistoryTest {
  private static final long HOUR_MILLIS = TimeUnit.HOURS.toMillis(1);

  private final FakeCluster cluster = new FakeCluster();

  @AfterEach
  void stop() {
    cluster.close();
  }

  private TikvKv open(String options) {
    return TikvKv.open(MetaUrl.parse(cluster.url("v") + options));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static ByteString key(String key) {
    return FakeCluster.key("v", bytes(key));
  }

  private static void put(TikvKv kv, String value, String... keys) {
    List<KvWrite> writes = new java.util.ArrayList<>();
    for (String key : keys) {
      writes.add(new KvWrite.Put(bytes(key), bytes(value)));
    }
    assertThat(kv.commit(List.<KvCheck>of(), writes).status()).isEqualTo(Status.COMMITTED);
  }

  private static String get(TikvKv kv, String key) {
    return new String(
        kv.read(snapshot -> snapshot.read(List.of(KvQuery.key(bytes(key)))).get(0).single())
            .value(),
        StandardCharsets.UTF_8);
  }

  private long hoursKept() {
    long now = Timestamps.millis(cluster.timestamps(1));
    return Math.round((now - Timestamps.millis(cluster.safePoint())) / (double) HOUR_MILLIS);
  }

  @Test
  void versionsOlderThanTheIntervalGo() {
    try (TikvKv kv = open("")) {
      put(kv, "1", "a");
      put(kv, "2", "a");
      put(kv, "3", "a");
      kv.collectHistory();
      assertThat(cluster.mvcc().versions(key("a"))).as("too young").isEqualTo(3);
      cluster.jump(4 * HOUR_MILLIS);
      kv.collectHistory();
      assertThat(hoursKept()).isEqualTo(3);
      assertThat(cluster.mvcc().versions(key("a"))).isEqualTo(1);
      assertThat(get(kv, "a")).isEqualTo("3");
    }
  }

  @Test
  void theAddressSaysHowLong() {
    cluster.jump(100 * HOUR_MILLIS);
    try (TikvKv never = open("?gc-interval=0");
        TikvKv tenHours = open("?gc-interval=10h");
        TikvKv hasty = open("?gc-interval=5m")) {
      never.collectHistory();
      assertThat(cluster.safePoint()).isZero();
      tenHours.collectHistory();
      assertThat(hoursKept()).isEqualTo(10);
      hasty.collectHistory();
      assertThat(hoursKept()).as("at least an hour").isEqualTo(1);
      tenHours.collectHistory();
      assertThat(hoursKept()).as("never back").isEqualTo(1);
    }
  }

  /** A client dies when only the first key of its transaction was committed. */
  @Test
  void locksAreEndedBeforeWhatTellsOfThemGoes() {
    cluster.regions().split(key("b"));
    cluster.regions().split(key("c"));
    cluster.regions().moveLeader(key("b"));
    cluster.mvcc().offer(false, false);
    try (TikvKv dead = open("")) {
      AtomicInteger commits = new AtomicInteger();
      cluster.trouble(
          (name, keys) ->
              name.equals("KvCommit") && commits.incrementAndGet() > 1
                  ? Trouble.LOST_REQUEST
                  : Trouble.NONE);
      put(dead, "new", "a", "b");
    }
    assertThat(cluster.mvcc().lockCount()).isEqualTo(1);
    cluster.calm();
    try (TikvKv kv = open("")) {
      put(kv, "newer", "a");
      cluster.jump(4 * HOUR_MILLIS);
      put(kv, "newest", "a");
      kv.collectHistory();
      assertThat(cluster.mvcc().lockCount()).isZero();
      assertThat(get(kv, "b")).isEqualTo("new");
      assertThat(get(kv, "a")).isEqualTo("newest");
    }
  }

  /** More locks than one answer holds, some of them of volumes that nobody here knows. */
  @Test
  void locksOfTheWholeClusterAreLookedFor() {
    cluster.mvcc().offer(false, false);
    try (TikvKv other = TikvKv.open(MetaUrl.parse(cluster.url("other")))) {
      AtomicInteger commits = new AtomicInteger();
      cluster.regions().split(FakeCluster.key("other", bytes("k5")));
      cluster.trouble(
          (name, keys) ->
              name.equals("KvCommit") && commits.incrementAndGet() > 1
                  ? Trouble.LOST_REQUEST
                  : Trouble.NONE);
      String[] keys = new String[2500];
      for (int i = 0; i < keys.length; i++) {
        keys[i] = i == 0 ? "a" : "k" + (10_000 + i);
      }
      cluster.regions().split(FakeCluster.key("other", bytes("b")));
      put(other, "x", keys);
    }
    assertThat(cluster.mvcc().lockCount()).isGreaterThan(2048);
    cluster.calm();
    cluster.jump(4 * HOUR_MILLIS);
    try (TikvKv kv = open("")) {
      kv.collectHistory();
      assertThat(cluster.mvcc().lockCount()).isZero();
      assertThat(hoursKept()).isEqualTo(3);
    }
  }
}
