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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What was read at one timestamp, so that a commit can be checked and prepared as if the store were
 * here. Confined to one thread at a time.
 */
final class ReadSet implements LocalKv {
  /** A query by value. */
  private record Asked(ByteBuffer start, @Nullable ByteBuffer end, int limit, KvQuery.Wants wants) {
    static Asked of(KvQuery query) {
      byte[] end = query.end();
      return new Asked(
          ByteBuffer.wrap(query.start()),
          end == null ? null : ByteBuffer.wrap(end),
          query.limit(),
          query.wants());
    }
  }

  private final long ts;
  private final long startNanos;
  private final Map<Asked, KvRows> answers = new HashMap<>();
  private int rowCount;

  /**
   * @param ts when everything is read; given out for this set alone
   * @param startNanos when that was given out, by the client's clock
   */
  ReadSet(long ts, long startNanos) {
    this.ts = ts;
    this.startNanos = startNanos;
  }

  long ts() {
    return ts;
  }

  long startNanos() {
    return startNanos;
  }

  /** How many rows it holds. */
  int rowCount() {
    return rowCount;
  }

  /** Reads from a snapshot at this timestamp, and keeps what it says. */
  List<KvRows> read(OrderedKv.Snapshot snapshot, List<KvQuery> queries) {
    List<KvRows> rows = snapshot.read(queries);
    for (int i = 0; i < rows.size(); i++) {
      answers.put(Asked.of(queries.get(i)), rows.get(i));
      rowCount += rows.get(i).rows().size();
    }
    return rows;
  }

  /** As {@link #read}, only what it does not have yet. */
  void readMissing(OrderedKv.Snapshot snapshot, List<KvQuery> queries) {
    List<KvQuery> missing = queries.stream().filter(query -> !has(query)).toList();
    if (!missing.isEmpty()) {
      List<KvRows> unused = read(snapshot, missing);
    }
  }

  boolean has(KvQuery query) {
    return find(query) != null;
  }

  private @Nullable KvRows find(KvQuery query) {
    KvRows rows = answers.get(Asked.of(query));
    return rows == null && query.wants() == KvQuery.Wants.KEYS
        ? answers.get(
            Asked.of(
                new KvQuery(
                    query.start(), query.end(), query.limit(), KvQuery.Wants.KEYS_AND_VALUES)))
        : rows;
  }

  /** Answers that sets as new as this one have, with this one's timestamp. */
  ReadSet beginningWith(Map<KvQuery, ReadSet> sources) {
    ReadSet beginning = new ReadSet(ts, startNanos);
    sources.forEach(
        (query, source) -> beginning.answers.put(Asked.of(query), source.answer(query)));
    return beginning;
  }

  /** What checks look at and what writes start from. */
  static List<KvQuery> needed(List<KvCheck> checks, List<KvWrite> writes) {
    Map<Asked, KvQuery> queries = new LinkedHashMap<>();
    checks.forEach(check -> queries.put(Asked.of(check.query()), check.query()));
    for (KvWrite write : writes) {
      KvQuery query = needed(write);
      if (query != null) {
        queries.putIfAbsent(Asked.of(query), query);
      }
    }
    return List.copyOf(queries.values());
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
    return Objects.requireNonNull(find(query), "not read");
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
