package io.jfs.meta.engine.kv.tikv;

import com.google.protobuf.ByteString;
import io.jfs.meta.engine.MetaUrl;
import io.jfs.meta.engine.kv.KvCheck;
import io.jfs.meta.engine.kv.KvOutcome;
import io.jfs.meta.engine.kv.KvPair;
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
 * builds on at one fresh timestamp, compares, and then starts a transaction at that timestamp which
 * changes some keys and locks the others: whatever is changed in between makes it fail.
 */
public final class TikvKv implements OrderedKv {
  private static final long TIMEOUT_MILLIS = 5000;
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  /** Keeps a commit's locks and its time within what a cluster takes without special care. */
  private static final int MOST_CHANGES = 4096;

  private static final int MOST_STARTS = 20;

  private final Cluster cluster;

  private TikvKv(Cluster cluster) {
    this.cluster = cluster;
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
      return new TikvKv(cluster);
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
  public int commitLimit() {
    return MOST_CHANGES;
  }

  @Override
  public <R> R read(Function<Snapshot, R> body) {
    Backoff backoff = cluster.backoff();
    return body.apply(cluster.snapshot(cluster.timestamps.next(backoff), backoff));
  }

  @Override
  public KvOutcome commit(List<KvCheck> checks, List<KvWrite> writes) {
    if (checks.isEmpty() && writes.isEmpty()) {
      return KvOutcome.committed(List.of());
    }
    Backoff backoff = cluster.backoff();
    for (int start = 1; ; start++) {
      KvOutcome outcome = attempt(checks, writes, backoff);
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
   * One transaction. Null if it met others although everything checked held when it began: then it
   * may do so again, or the next one finds and tells what does not.
   */
  private @Nullable KvOutcome attempt(List<KvCheck> checks, List<KvWrite> writes, Backoff backoff) {
    long startTs = cluster.timestamps.next(backoff);
    long startNanos = cluster.nanoTime();
    ReadSet seen = ReadSet.read(cluster.snapshot(startTs, backoff), checks, writes);
    if (!seen.holds(checks)) {
      return new KvOutcome(Status.CONFLICT, seen.answers(checks), List.of());
    }
    List<@Nullable KvPair> written = seen.stage(writes);
    Changes changes = Changes.of(cluster.keys, checks, writes, written, seen);
    ByteString primary = changes.primary();
    if (primary == null) {
      return KvOutcome.committed(written); // it was so at the start timestamp
    }
    TikvTxn txn =
        new TikvTxn(
            cluster,
            startTs,
            startNanos,
            primary,
            changes.mutations(),
            condition(checks, startTs, backoff),
            backoff);
    return switch (txn.commit()) {
      case COMMITTED -> KvOutcome.committed(written);
      case CONFLICT -> null;
      case UNKNOWN -> KvOutcome.UNKNOWN;
    };
  }

  /** What cannot be locked: that a range has no more keys than were seen. */
  private @Nullable LongPredicate condition(List<KvCheck> checks, long startTs, Backoff backoff) {
    List<KvCheck> ranges = checks.stream().filter(check -> !check.query().isPoint()).toList();
    if (ranges.isEmpty()) {
      return null;
    }
    return ts ->
        ReadSet.read(cluster.snapshot(ts, backoff).past(startTs), ranges, List.of()).holds(ranges);
  }

  /** A commit is on the disks of a majority when it is acknowledged. */
  @Override
  public void sync() {}

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
