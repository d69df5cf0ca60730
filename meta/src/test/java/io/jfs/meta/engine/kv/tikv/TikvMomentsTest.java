package io.jfs.meta.engine.kv.tikv;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.engine.MetaUrl;
import io.jfs.meta.engine.kv.KvCheck;
import io.jfs.meta.engine.kv.KvPair;
import io.jfs.meta.engine.kv.KvQuery;
import io.jfs.meta.engine.kv.KvWrite;
import io.jfs.meta.txn.CommitOutcome.Status;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Commits that begin with what was read before: how cheap that is, and that it hides nothing. */
@Timeout(60)
class TikvMomentsTest {
  private final FakeCluster cluster = new FakeCluster();
  private final TikvKv kv = open();
  private final TikvKv other = open();

  private TikvKv open() {
    return TikvKv.open(MetaUrl.parse(cluster.url("v")));
  }

  @AfterEach
  void stop() {
    kv.close();
    other.close();
    cluster.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static @Nullable KvPair read(TikvKv kv, String key) {
    return kv.read(snapshot -> snapshot.read(List.of(KvQuery.key(bytes(key)))).get(0).single());
  }

  private static @Nullable String value(TikvKv kv, String key) {
    KvPair pair = read(kv, key);
    return pair == null ? null : new String(pair.value(), StandardCharsets.UTF_8);
  }

  private static void put(TikvKv kv, String key, String value) {
    assertThat(commit(kv, List.of(), key, value)).isEqualTo(Status.COMMITTED);
  }

  private static KvCheck same(String key, @Nullable KvPair seen) {
    return new KvCheck.SameValue(bytes(key), seen);
  }

  private static Status commit(TikvKv kv, List<KvCheck> checks, String... keysAndValues) {
    List<KvWrite> writes = new ArrayList<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      writes.add(new KvWrite.Put(bytes(keysAndValues[i]), bytes(keysAndValues[i + 1])));
    }
    return kv.commit(checks, writes).status();
  }

  private void expectRequests(int reads, int writes) {
    assertThat(cluster.requests("KvBatchGet")).as("reads").isEqualTo(reads);
    assertThat(cluster.requests("KvPrewrite")).as("writes").isEqualTo(writes);
  }

  @Test
  void twoReadingsAreOneBeginning() {
    KvPair a = read(kv, "a");
    KvPair b = read(kv, "b");
    Status status = commit(kv, List.of(same("a", a), same("b", b)), "a", "1", "c", "1");
    assertThat(status).isEqualTo(Status.COMMITTED);
    expectRequests(2, 1);
  }

  @Test
  void whatChangedSinceTheFirstReadingIsSeen() {
    KvPair a = read(kv, "a");
    put(other, "a", "theirs");
    KvPair b = read(kv, "b");
    Status status = commit(kv, List.of(same("a", a), same("b", b)), "b", "1");
    assertThat(status).isEqualTo(Status.CONFLICT);
    assertThat(value(kv, "b")).isNull();
  }

  /** Too early a beginning costs a request, nothing else. */
  @Test
  void whatChangedBetweenTheReadingsIsNoConflict() {
    KvPair a = read(kv, "a");
    put(other, "b", "theirs");
    KvPair b = read(kv, "b");
    Status status = commit(kv, List.of(same("a", a), same("b", b)), "a", "1", "b", "1");
    assertThat(status).isEqualTo(Status.COMMITTED);
    expectRequests(3, 3);
    assertThat(value(other, "b")).isEqualTo("1");
  }

  /** What this client itself changed after a reading does not let it begin there in vain. */
  @Test
  void ownChangesAreNotRunInto() {
    KvPair a = read(kv, "a");
    put(kv, "a", "1");
    assertThat(commit(kv, List.of(same("a", a)), "a", "2")).isEqualTo(Status.CONFLICT);
    expectRequests(2, 1);
  }

  /** No two transactions have one start: the second would be taken for the first, repeated. */
  @Test
  void aReadingIsABeginningOnce() {
    KvPair a = read(kv, "a");
    assertThat(commit(kv, List.of(same("a", a)), "b", "1")).isEqualTo(Status.COMMITTED);
    assertThat(commit(kv, List.of(same("a", a)), "c", "1")).isEqualTo(Status.COMMITTED);
    expectRequests(2, 2);
    assertThat(value(other, "c")).isEqualTo("1");
  }

  /** A refusal is confirmed by a reading of its own: what was read before may be over. */
  @Test
  void nothingIsConfirmedByAnOldReading() {
    KvPair a = read(kv, "a");
    put(other, "a", "1");
    assertThat(commit(kv, List.of(same("a", a)))).isEqualTo(Status.CONFLICT);
  }
}
