package io.jfs.meta.engine.kv.tikv;

import io.jfs.meta.engine.kv.KvCheck;
import io.jfs.meta.engine.kv.KvPair;
import io.jfs.meta.engine.kv.KvQuery;
import io.jfs.meta.engine.kv.KvRows;
import io.jfs.meta.engine.kv.KvWrite;
import io.jfs.meta.engine.kv.LocalKv;
import io.jfs.meta.engine.kv.OrderedKv;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a commit has to look at, read at once from one snapshot; so that it can be
 * checked and prepared as if the store were here.
 */
final class ReadSet implements LocalKv {
  /** A query by value. */
  private record Asked(ByteBuffer start, @Nullable ByteBuffer end, int limit) {
    static Asked of(KvQuery query) {
      byte[] end = query.end();
      return new Asked(
          ByteBuffer.wrap(query.start()), end == null ? null : ByteBuffer.wrap(end), query.limit());
    }
  }

  private final Map<Asked, KvRows> answers = new LinkedHashMap<>();

  private ReadSet() {}

  /** Reads what checks look at and what writes start from. */
  static ReadSet read(OrderedKv.Snapshot snapshot, List<KvCheck> checks, List<KvWrite> writes) {
    Map<Asked, KvQuery> queries = new LinkedHashMap<>();
    checks.forEach(check -> queries.put(Asked.of(check.query()), check.query()));
    for (KvWrite write : writes) {
      KvQuery query = needed(write);
      if (query != null) {
        queries.putIfAbsent(Asked.of(query), query);
      }
    }
    ReadSet set = new ReadSet();
    List<KvRows> rows = snapshot.read(List.copyOf(queries.values()));
    int next = 0;
    for (Asked asked : queries.keySet()) {
      set.answers.put(asked, rows.get(next++));
    }
    return set;
  }

  private static @Nullable KvQuery needed(KvWrite write) {
    if (write instanceof KvWrite.Edit edit) {
      return KvQuery.key(edit.key());
    }
    return write instanceof KvWrite.DeletePrefix range ? within(range) : null;
  }

  private static KvQuery within(KvWrite.DeletePrefix range) {
    KvQuery all = KvQuery.prefix(range.prefix());
    return new KvQuery(all.start(), all.end(), all.limit(), KvQuery.Wants.KEYS);
  }

  private KvRows answer(KvQuery query) {
    return Objects.requireNonNull(answers.get(Asked.of(query)), "not read");
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    KvPair pair = answer(KvQuery.key(key)).single();
    return pair == null ? null : pair.value();
  }

  @Override
  public List<KvPair> rows(KvQuery query) {
    return answer(query).rows();
  }

  /** The keys that a range to be deleted has. */
  List<byte[]> keys(KvWrite.DeletePrefix range) {
    return rows(within(range)).stream().map(KvPair::key).toList();
  }

  /** What each check's query answers, in the order of the checks. */
  List<KvRows> answers(List<KvCheck> checks) {
    List<KvRows> rows = new ArrayList<>(checks.size());
    checks.forEach(check -> rows.add(answer(check.query())));
    return rows;
  }
}
