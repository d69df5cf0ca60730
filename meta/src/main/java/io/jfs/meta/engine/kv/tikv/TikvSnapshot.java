package io.jfs.meta.engine.kv.tikv;

import com.google.protobuf.ByteString;
import io.jfs.meta.engine.kv.KvPair;
import io.jfs.meta.engine.kv.KvQuery;
import io.jfs.meta.engine.kv.KvRows;
import io.jfs.meta.engine.kv.OrderedKv;
import io.jfs.meta.engine.kv.tikv.Backoff.Cause;
import io.jfs.meta.engine.kv.tikv.proto.BatchGetRequest;
import io.jfs.meta.engine.kv.tikv.proto.BatchGetResponse;
import io.jfs.meta.engine.kv.tikv.proto.Context;
import io.jfs.meta.engine.kv.tikv.proto.KeyError;
import io.jfs.meta.engine.kv.tikv.proto.KvRow;
import io.jfs.meta.engine.kv.tikv.proto.LockInfo;
import io.jfs.meta.engine.kv.tikv.proto.ScanRequest;
import io.jfs.meta.engine.kv.tikv.proto.ScanResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads at one timestamp: all single keys of a region by one request, all regions and ranges at
 * once. Confined to one thread.
 */
final class TikvSnapshot implements OrderedKv.Snapshot {
  private static final int PAGE_ROWS = 1024;

  private final RegionClient client;
  private final Locks locks;
  private final KeySpace keys;
  private final long ts;
  private final Backoff backoff;

  /** Transactions whose locks are read past: they commit later, or are this reader's own. */
  private final Set<Long> passable = new LinkedHashSet<>();

  TikvSnapshot(RegionClient client, Locks locks, KeySpace keys, long ts, Backoff backoff) {
    this.client = client;
    this.locks = locks;
    this.keys = keys;
    this.ts = ts;
    this.backoff = backoff;
  }

  /** Reads what was there before a transaction whose locks are in place. */
  TikvSnapshot past(long startTs) {
    passable.add(startTs);
    return this;
  }

  @Override
  public List<KvRows> read(List<KvQuery> queries) {
    Points points = new Points();
    Set<ByteString> wanted = new LinkedHashSet<>();
    Map<Integer, RegionClient.Running<ByteString, ?, ?>> scans = new HashMap<>();
    Map<Integer, Range> ranges = new HashMap<>();
    for (KvQuery query : queries) {
      if (query.isPoint()) {
        wanted.add(keys.key(query.start()));
      }
    }
    RegionClient.Running<ByteString, ?, ?> gets = client.start(points, wanted, backoff);
    for (int i = 0; i < queries.size(); i++) {
      if (!queries.get(i).isPoint()) {
        Range range = new Range(queries.get(i));
        ranges.put(i, range);
        scans.put(i, client.start(range, range.beginning(), backoff));
      }
    }
    gets.await();
    scans.values().forEach(RegionClient.Running::await);
    List<KvRows> answers = new ArrayList<>(queries.size());
    for (int i = 0; i < queries.size(); i++) {
      Range range = ranges.get(i);
      answers.add(new KvRows(range == null ? points.rows(queries.get(i).start()) : range.rows, ts));
    }
    return answers;
  }

  /** What is to be done before what an error kept from being read is read again. */
  private void prepare(List<KeyError> errors) {
    List<LockInfo> met = new ArrayList<>();
    for (KeyError error : errors) {
      if (error.hasLocked()) {
        met.add(error.getLocked());
      } else {
        backoff.pause(Cause.BUSY, "cannot read: " + error.getRetryable() + error.getAbort());
      }
    }
    if (!met.isEmpty()) {
      locks.clearForReading(met, ts, passable, backoff);
    }
  }

  private final class Points implements RegionTask<ByteString, BatchGetRequest, BatchGetResponse> {
    private final Map<ByteString, ByteString> found = new HashMap<>();

    List<KvPair> rows(byte[] key) {
      ByteString value = found.get(keys.key(key));
      return value == null ? List.of() : List.of(new KvPair(key, value.toByteArray(), 0));
    }

    @Override
    public Rpcs.OnRegion<BatchGetRequest, BatchGetResponse> procedure() {
      return Rpcs.BATCH_GET;
    }

    @Override
    public ByteString key(ByteString key) {
      return key;
    }

    @Override
    public void address(Context.Builder context) {
      context.addAllResolvedLocks(passable);
    }

    @Override
    public BatchGetRequest request(KnownRegion region, List<ByteString> some) {
      return BatchGetRequest.newBuilder().addAllKeys(some).setVersion(ts).build();
    }

    @Override
    public List<ByteString> take(
        KnownRegion region, List<ByteString> asked, BatchGetResponse answer, Backoff unused) {
      List<KeyError> errors = new ArrayList<>();
      if (answer.hasError()) {
        errors.add(answer.getError());
      }
      for (KvRow row : answer.getPairsList()) {
        if (row.hasError()) {
          errors.add(row.getError());
        } else {
          found.put(row.getKey(), row.getValue());
        }
      }
      if (errors.isEmpty()) {
        return List.of();
      }
      prepare(errors);
      return asked.stream().filter(key -> !found.containsKey(key)).toList();
    }
  }

  /** A range; its only item is where reading goes on. */
  private final class Range implements RegionTask<ByteString, ScanRequest, ScanResponse> {
    private final KvQuery query;
    private final ByteString end;
    private final List<KvPair> rows = new ArrayList<>();

    Range(KvQuery query) {
      this.query = query;
      this.end = query.end() == null ? keys.end() : keys.end(query.end());
    }

    List<ByteString> beginning() {
      ByteString start = keys.key(query.start());
      return KnownRegion.KEY_ORDER.compare(start, end) < 0 ? List.of(start) : List.of();
    }

    @Override
    public Rpcs.OnRegion<ScanRequest, ScanResponse> procedure() {
      return Rpcs.SCAN;
    }

    @Override
    public ByteString key(ByteString from) {
      return from;
    }

    @Override
    public void address(Context.Builder context) {
      context.addAllResolvedLocks(passable);
    }

    private int pageRows() {
      return query.limit() == 0 ? PAGE_ROWS : Math.min(PAGE_ROWS, query.limit() - rows.size());
    }

    @Override
    public ScanRequest request(KnownRegion region, List<ByteString> from) {
      return ScanRequest.newBuilder()
          .setStartKey(from.get(0))
          .setEndKey(goesOnBehind(region) ? region.end() : end)
          .setLimit(pageRows())
          .setKeyOnly(query.wants() == KvQuery.Wants.KEYS)
          .setVersion(ts)
          .build();
    }

    private boolean goesOnBehind(KnownRegion region) {
      return !region.end().isEmpty() && KnownRegion.KEY_ORDER.compare(region.end(), end) < 0;
    }

    @Override
    public List<ByteString> take(
        KnownRegion region, List<ByteString> from, ScanResponse answer, Backoff unused) {
      List<KeyError> errors = new ArrayList<>();
      if (answer.hasError()) {
        errors.add(answer.getError());
      }
      answer.getPairsList().stream()
          .filter(KvRow::hasError)
          .forEach(row -> errors.add(row.getError()));
      if (!errors.isEmpty()) {
        prepare(errors);
        return from;
      }
      int asked = pageRows();
      for (KvRow row : answer.getPairsList()) {
        byte[] value =
            query.wants() == KvQuery.Wants.KEYS ? new byte[0] : row.getValue().toByteArray();
        rows.add(new KvPair(keys.own(row.getKey()), value, 0));
      }
      if (query.limit() > 0 && rows.size() >= query.limit()) {
        return List.of();
      }
      if (answer.getPairsCount() < asked) {
        return goesOnBehind(region) ? List.of(region.end()) : List.of();
      }
      ByteString last = answer.getPairs(answer.getPairsCount() - 1).getKey();
      return List.of(last.concat(ByteString.copyFrom(new byte[1])));
    }
  }
}
