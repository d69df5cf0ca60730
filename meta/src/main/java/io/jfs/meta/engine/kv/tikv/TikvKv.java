package io.jfs.meta.engine.kv.tikv;

import com.google.protobuf.ByteString;
import io.jfs.meta.engine.MetaUrl;
import io.jfs.meta.engine.kv.KvCheck;
import io.jfs.meta.engine.kv.KvOutcome;
import io.jfs.meta.engine.kv.KvPair;
import io.jfs.meta.engine.kv.KvQuery;
import io.jfs.meta.engine.kv.KvRows;
import io.jfs.meta.engine.kv.KvWrite;
import io.jfs.meta.engine.kv.OrderedKv;
import io.jfs.meta.engine.kv.tikv.proto.DeleteRangeRequest;
import io.jfs.meta.engine.kv.tikv.proto.DeleteRangeResponse;
import io.jfs.meta.txn.CommitOutcome.Status;
import io.jfs.meta.txn.EngineException;
import io.jfs.meta.txn.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * An ordered store under a prefix of a TiKV cluster. A commit reads everything that it checks and
 * builds on at one timestamp, compares, and then starts a transaction at that timestamp which
 * changes some keys and locks the others: whatever is changed in between makes it fail. If all of
 * it was read a moment ago by one look-up, that reading is the beginning.
 */
public final class TikvKv implements OrderedKv {
  private static final long TIMEOUT_MILLIS = 5000;
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  /** Keeps a commit's locks and its time within what a cluster takes without special care. */
  private static final int MOST_CHANGES = 4096;

  private static final int MOST_STARTS = 20;

  private final Cluster cluster;
  private final Duration history;
  private final Moments moments = new Moments();

  private TikvKv(Cluster cluster, Duration history) {
    this.cluster = cluster;
    this.history = history;
  }

  /**
   * Connects to a cluster.
   *
   * @throws EngineException FATAL for wrong addresses and certificates, TRANSIENT if no placement
   *     driver answers
   */
  public static TikvKv open(MetaUrl url) {
    return open(
        TikvAddress.of(url),
        new Backoff.Pace(Waiting.SYSTEM, System::nanoTime, new Random(), PATIENCE),
        TIMEOUT_MILLIS);
  }

  static TikvKv open(TikvAddress address, Backoff.Pace pace, long timeoutMillis) {
    Cluster cluster = new Cluster(address, pace, timeoutMillis);
    try {
      cluster.connect();
      return new TikvKv(cluster, address.history());
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  @Override
  public String describe() {
    return cluster.describe();
  }

  @Override
  public boolean remembersReads() {
    return true;
  }

  @Override
  public boolean readsAhead() {
    return true;
  }

  @Override
  public int commitLimit() {
    return MOST_CHANGES;
  }

  @Override
  public <R> R read(Function<Snapshot, R> body) {
    Backoff backoff = cluster.backoff();
    ReadSet seen = begin(backoff);
    TikvSnapshot snapshot = cluster.snapshot(seen.ts(), backoff);
    R answer = body.apply(queries -> seen.read(snapshot, queries));
    moments.offer(seen);
    return answer;
  }

  private ReadSet begin(Backoff backoff) {
    long startNanos = cluster.nanoTime();
    return new ReadSet(cluster.timestamps.next(backoff), startNanos);
  }

  @Override
  public KvOutcome commit(List<KvCheck> checks, List<KvWrite> writes) {
    if (checks.isEmpty() && writes.isEmpty()) {
      return KvOutcome.committed(List.of());
    }
    Backoff backoff = cluster.backoff();
    List<KvQuery> needed = ReadSet.needed(checks, writes);
    KvOutcome early = attemptEarly(needed, checks, writes, backoff);
    if (early != null) {
      return early;
    }
    for (int start = 1; ; start++) {
      ReadSet seen = begin(backoff);
      List<KvRows> unused = seen.read(cluster.snapshot(seen.ts(), backoff), needed);
      if (!seen.holds(checks)) {
        List<KvRows> fresh = seen.answers(checks);
        moments.offer(seen);
        return new KvOutcome(Status.CONFLICT, fresh, List.of());
      }
      KvOutcome outcome = attempt(seen, checks, writes, backoff);
      if (outcome != null) {
        return outcome;
      }
      if (start == MOST_STARTS) {
        return KvOutcome.CONFLICT;
      }
      backoff.pause(Backoff.Cause.LOCKED, "others keep changing the same keys");
    }
  }

  /**
   * A transaction that begins with what was read already; null if there is none, or it failed. Only
   * for what changes something in any case: then the stores see to it that what was read still
   * holds.
   */
  private @Nullable KvOutcome attemptEarly(
      List<KvQuery> needed, List<KvCheck> checks, List<KvWrite> writes, Backoff backoff) {
    if (writes.stream().noneMatch(TikvKv::changesForSure)) {
      return null;
    }
    ReadSet seen = moments.take(needed, cluster.nanoTime());
    if (seen == null) {
      return null;
    }
    seen.readMissing(cluster.snapshot(seen.ts(), backoff), needed);
    return seen.holds(checks) ? attempt(seen, checks, writes, backoff) : null;
  }

  private static boolean changesForSure(KvWrite write) {
    return write instanceof KvWrite.Put || write instanceof KvWrite.Delete;
  }

  /**
   * One transaction. Null if it met others although everything checked held when it began: then it
   * may do so again, or the next one finds and tells what does not.
   */
  private @Nullable KvOutcome attempt(
      ReadSet seen, List<KvCheck> checks, List<KvWrite> writes, Backoff backoff) {
    List<@Nullable KvPair> written = seen.stage(writes);
    Changes changes = Changes.of(cluster.keys, writes, written, seen);
    ByteString primary = changes.primary();
    if (primary == null) {
      return KvOutcome.committed(written); // it was so at the start timestamp
    }
    changes.keep(checks, written);
    TikvTxn txn =
        new TikvTxn(
            cluster,
            seen.ts(),
            seen.startNanos(),
            primary,
            changes.mutations(),
            condition(checks, seen.ts(), backoff),
            backoff);
    Status status = txn.commit();
    moments.changed(changes.keys(), cluster.timestamps.latest());
    return switch (status) {
      case COMMITTED -> KvOutcome.committed(written);
      case CONFLICT -> null;
      case UNKNOWN -> KvOutcome.UNKNOWN;
    };
  }

  /** What is not locked: that a range without a guard has the keys that were seen. */
  private @Nullable LongPredicate condition(List<KvCheck> checks, long startTs, Backoff backoff) {
    List<KvCheck> ranges = checks.stream().filter(check -> !Changes.isKept(check)).toList();
    if (ranges.isEmpty()) {
      return null;
    }
    return ts -> isSame(ranges, cluster.snapshot(ts, backoff).past(startTs));
  }

  private static boolean isSame(List<KvCheck> ranges, Snapshot snapshot) {
    ReadSet now = new ReadSet(0, 0);
    List<KvRows> unused = now.read(snapshot, ReadSet.needed(ranges, List.of()));
    return now.holds(ranges);
  }

  /** A commit is on the disks of a majority when it is acknowledged. */
  @Override
  public void sync() {}

  @Override
  public void collectHistory() {
    if (!history.isZero()) {
      new History(cluster).keep(history);
    }
  }

  @Override
  public void clear() {
    cluster.client.run(
        new ClearTask(cluster.keys.end()), List.of(cluster.keys.start()), cluster.backoff());
  }

  /** Deletes everything up to an end, region by region; the item is where to go on. */
  private record ClearTask(ByteString end)
      implements RegionTask<ByteString, DeleteRangeRequest, DeleteRangeResponse> {
    @Override
    public Rpcs.OnRegion<DeleteRangeRequest, DeleteRangeResponse> procedure() {
      return Rpcs.DELETE_RANGE;
    }

    @Override
    public ByteString key(ByteString from) {
      return from;
    }

    private boolean goesOnBehind(KnownRegion region) {
      return !region.end().isEmpty() && KnownRegion.KEY_ORDER.compare(region.end(), end) < 0;
    }

    @Override
    public DeleteRangeRequest request(KnownRegion region, List<ByteString> from) {
      return DeleteRangeRequest.newBuilder()
          .setStartKey(from.get(0))
          .setEndKey(goesOnBehind(region) ? region.end() : end)
          .build();
    }

    @Override
    public List<ByteString> take(
        KnownRegion region, List<ByteString> from, DeleteRangeResponse answer, Backoff backoff) {
      if (!answer.getError().isEmpty()) {
        throw backoff.fatal("cannot delete: " + answer.getError());
      }
      return goesOnBehind(region) ? List.of(region.end()) : List.of();
    }
  }

  @Override
  public void close() {
    cluster.close();
  }
}
