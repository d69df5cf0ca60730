package io.jfs.meta.engine.kv.tikv;

import com.google.protobuf.ByteString;
import io.jfs.meta.engine.kv.tikv.TxnStatus.Ended;
import io.jfs.meta.engine.kv.tikv.proto.BatchRollbackRequest;
import io.jfs.meta.engine.kv.tikv.proto.BatchRollbackResponse;
import io.jfs.meta.engine.kv.tikv.proto.CommitRequest;
import io.jfs.meta.engine.kv.tikv.proto.CommitResponse;
import io.jfs.meta.engine.kv.tikv.proto.KeyError;
import io.jfs.meta.engine.kv.tikv.proto.Mutation;
import io.jfs.meta.engine.kv.tikv.proto.TxnHeartBeatRequest;
import io.jfs.meta.txn.CommitOutcome.Status;
import io.jfs.meta.txn.EngineException;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One transaction on its way from its changes to their end. By one request if one region holds all
 * of them; by locks everywhere at once if they are few; else in two phases. A condition on ranges
 * always needs the second way's end: it is looked at when all locks are there and the moment of the
 * commit is known. Confined to one thread.
 */
final class TikvTxn {
  private static final Logger LOG = LoggerFactory.getLogger(TikvTxn.class);

  /** How long locks live if their owner does not say more. */
  static final long TTL_MILLIS = 3000;

  private final Cluster cluster;
  private final long startTs;
  private final long startNanos;
  private final ByteString primary;
  private final List<Mutation> mutations;
  private final @Nullable LongPredicate condition;
  private final Backoff backoff;

  /**
   * @param startTs where everything was read that the changes build on; used by no other
   * @param startNanos when that was given out
   * @param primary a key that is changed
   * @param condition whether ranges are at a timestamp as they were at the start; null: no ranges
   */
  TikvTxn(
      Cluster cluster,
      long startTs,
      long startNanos,
      ByteString primary,
      List<Mutation> mutations,
      @Nullable LongPredicate condition,
      Backoff backoff) {
    this.cluster = cluster;
    this.startTs = startTs;
    this.startNanos = startNanos;
    this.primary = primary;
    this.mutations = mutations;
    this.condition = condition;
    this.backoff = backoff;
  }

  /**
   * Commits.
   *
   * @throws EngineException if it cannot be done and was not
   */
  Status commit() {
    PrewriteTask prewrite =
        new PrewriteTask(
            startTs, cluster.timestamps.latestGiven(), primary, mutations, cluster.locks);
    boolean atOnce = cluster.client.requests(prewrite, mutations, backoff) == 1;
    prewrite.ask(condition != null, ttlMillis());
    ScheduledFuture<?> heart = atOnce && condition == null ? null : heartBeats();
    try {
      return commit(prewrite);
    } catch (AnswerLost e) {
      LOG.debug("transaction {}: {}", startTs, e.getMessage());
      return settle();
    } catch (EngineException e) {
      cluster.later(this::rollBack);
      throw e;
    } finally {
      if (heart != null) {
        heart.cancel(false);
      }
    }
  }

  private long ttlMillis() {
    return TTL_MILLIS + TimeUnit.NANOSECONDS.toMillis(cluster.nanoTime() - startNanos);
  }

  private Status commit(PrewriteTask prewrite) {
    cluster.client.run(prewrite, mutations, backoff);
    if (prewrite.isRefused()) {
      if (prewrite.hasLocked()) {
        rollBack();
      }
      return Status.CONFLICT;
    }
    if (prewrite.committedTs() != 0) {
      cluster.timestamps.learn(prewrite.committedTs());
      return Status.COMMITTED;
    }
    long agreedTs = prewrite.agreedTs();
    if (agreedTs != 0) {
      ended(agreedTs);
      cluster.later(() -> commitRest(keys(), agreedTs));
      return Status.COMMITTED;
    }
    return commitInSecondPhase();
  }

  private List<ByteString> keys() {
    return mutations.stream().map(Mutation::getKey).toList();
  }

  private void ended(long commitTs) {
    cluster.timestamps.learn(commitTs);
    cluster.locks.remember(startTs, new Ended(commitTs));
  }

  // ---- the second phase ----

  private Status commitInSecondPhase() {
    while (true) {
      long commitTs = cluster.timestamps.next(backoff);
      if (condition != null && !condition.test(commitTs)) {
        rollBack();
        return Status.CONFLICT;
      }
      PrimaryTask commit = new PrimaryTask(commitTs);
      try {
        cluster.client.run(commit, List.of(primary), backoff);
      } catch (EngineException e) {
        LOG.debug("transaction {}: {}", startTs, e.getMessage());
        return settle();
      }
      KeyError error = commit.error;
      if (error == null) {
        ended(commitTs);
        List<ByteString> rest = keys().stream().filter(key -> !commit.did(key)).toList();
        if (!rest.isEmpty()) {
          cluster.later(() -> commitRest(rest, commitTs));
        }
        return Status.COMMITTED;
      }
      if (!error.hasCommitTsExpired()) { // somebody who met the locks has ended it
        return settle();
      }
    }
  }

  /** Commits the primary key, and what lies in the same region with it. */
  private final class PrimaryTask implements RegionTask<ByteString, CommitRequest, CommitResponse> {
    private final long commitTs;
    private @Nullable KnownRegion where;
    private @Nullable KeyError error;

    PrimaryTask(long commitTs) {
      this.commitTs = commitTs;
    }

    boolean did(ByteString key) {
      return where != null && where.holds(key);
    }

    @Override
    public Rpcs.OnRegion<CommitRequest, CommitResponse> procedure() {
      return Rpcs.COMMIT;
    }

    @Override
    public ByteString key(ByteString key) {
      return key;
    }

    @Override
    public CommitRequest request(KnownRegion region, List<ByteString> unused) {
      where = region;
      return CommitRequest.newBuilder()
          .setStartVersion(startTs)
          .setCommitVersion(commitTs)
          .addAllKeys(keys().stream().filter(region::holds).toList())
          .build();
    }

    @Override
    public List<ByteString> take(
        KnownRegion region, List<ByteString> keys, CommitResponse answer, Backoff unused) {
      error = answer.hasError() ? answer.getError() : null;
      return List.of();
    }
  }

  private void commitRest(List<ByteString> keys, long commitTs) {
    cluster.client.run(
        new KeysTask<CommitRequest, CommitResponse>(Rpcs.COMMIT) {
          @Override
          public CommitRequest request(KnownRegion region, List<ByteString> some) {
            return CommitRequest.newBuilder()
                .setStartVersion(startTs)
                .setCommitVersion(commitTs)
                .addAllKeys(some)
                .build();
          }
        },
        keys,
        cluster.backoff());
  }

  // ---- other ends ----

  /** Asks the primary lock what became of it, and ends it if nothing has. */
  private Status settle() {
    try {
      Ended end = cluster.locks.settle(primary, startTs, cluster.backoff());
      cluster.later(() -> cluster.locks.resolveKeys(startTs, end, keys(), cluster.backoff()));
      return end.isCommitted() ? Status.COMMITTED : Status.CONFLICT;
    } catch (EngineException e) {
      LOG.warn("{}: a commit's answer is lost", e.getMessage());
      return Status.UNKNOWN;
    }
  }

  /** Takes the locks away, and sees to it that none comes late. */
  private void rollBack() {
    cluster.client.run(
        new KeysTask<BatchRollbackRequest, BatchRollbackResponse>(Rpcs.ROLLBACK) {
          @Override
          public BatchRollbackRequest request(KnownRegion region, List<ByteString> some) {
            return BatchRollbackRequest.newBuilder()
                .setStartVersion(startTs)
                .addAllKeys(some)
                .build();
          }
        },
        keys(),
        cluster.backoff());
  }

  /** Tells the primary lock from time to time that its owner lives. */
  private ScheduledFuture<?> heartBeats() {
    return cluster.every(
        TTL_MILLIS / 2,
        () ->
            new SingleKey<>(
                    Rpcs.HEART_BEAT,
                    primary,
                    TxnHeartBeatRequest.newBuilder()
                        .setPrimaryLock(primary)
                        .setStartVersion(startTs)
                        .setAdviseLockTtl(ttlMillis())
                        .build())
                .run(cluster.client, cluster.backoff()));
  }
}
