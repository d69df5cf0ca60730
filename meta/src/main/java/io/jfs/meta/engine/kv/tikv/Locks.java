package io.jfs.meta.engine.kv.tikv;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.ByteString;
import io.jfs.meta.engine.kv.tikv.Backoff.Cause;
import io.jfs.meta.engine.kv.tikv.TxnStatus.Alive;
import io.jfs.meta.engine.kv.tikv.TxnStatus.Ended;
import io.jfs.meta.engine.kv.tikv.proto.CheckSecondaryLocksRequest;
import io.jfs.meta.engine.kv.tikv.proto.CheckSecondaryLocksResponse;
import io.jfs.meta.engine.kv.tikv.proto.CheckTxnStatusRequest;
import io.jfs.meta.engine.kv.tikv.proto.CheckTxnStatusResponse;
import io.jfs.meta.engine.kv.tikv.proto.LockInfo;
import io.jfs.meta.engine.kv.tikv.proto.ResolveLockRequest;
import io.jfs.meta.engine.kv.tikv.proto.ResolveLockResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Locks that transactions left behind, and what became of those. The primary lock decides: while it
 * is there and young the transaction lives; when its time to live is over whoever meets a lock
 * rolls it back, except for an asynchronous commit, which is done if all its locks are there.
 * Thread safe.
 */
final class Locks {
  private static final int REMEMBERED = 4096;
  private static final long FOREVER = -1; // the largest unsigned number

  private final RegionClient client;
  private final Timestamps timestamps;

  /** What transactions ended as, by start timestamp: that never changes. */
  @GuardedBy("this")
  private final Map<Long, Ended> ended =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Ended> eldest) {
          return size() > REMEMBERED;
        }
      };

  Locks(RegionClient client, Timestamps timestamps) {
    this.client = client;
    this.timestamps = timestamps;
  }

  /** Spares everybody here the question what became of a transaction. */
  synchronized void remember(long startTs, Ended status) {
    ended.put(startTs, status);
  }

  private synchronized TxnStatus remembered(long startTs, TxnStatus otherwise) {
    Ended known = ended.get(startTs);
    return known == null ? otherwise : known;
  }

  /**
   * Prepares for reading again what locks kept from being read: removes those of ended
   * transactions, and waits if some live on and cannot be read past.
   *
   * @param readTs when the reader reads
   * @param passable takes the transactions that will commit later than that
   */
  void clearForReading(
      Collection<LockInfo> locks, long readTs, Set<Long> passable, Backoff backoff) {
    boolean blocked = false;
    for (Map.Entry<Long, List<LockInfo>> txn : byTxn(locks).entrySet()) {
      TxnStatus status = status(txn.getValue().get(0), readTs, backoff);
      if (status instanceof Ended end) {
        resolve(txn.getValue(), end, backoff);
      } else if (status instanceof Alive alive && alive.commitsLater()) {
        passable.add(txn.getKey());
      } else {
        blocked = true;
      }
    }
    if (blocked) {
      backoff.pause(Cause.LOCKED, "locked by a transaction that does not end");
    }
  }

  /** Removes locks of ended transactions; says whether those were all. */
  boolean clearForWriting(Collection<LockInfo> locks, Backoff backoff) {
    boolean cleared = true;
    for (List<LockInfo> ofTxn : byTxn(locks).values()) {
      if (status(ofTxn.get(0), 0, backoff) instanceof Ended end) {
        resolve(ofTxn, end, backoff);
      } else {
        cleared = false;
      }
    }
    return cleared;
  }

  private static Map<Long, List<LockInfo>> byTxn(Collection<LockInfo> locks) {
    Map<Long, List<LockInfo>> byTxn = new LinkedHashMap<>();
    locks.forEach(
        lock -> byTxn.computeIfAbsent(lock.getLockVersion(), ts -> new ArrayList<>()).add(lock));
    return byTxn;
  }

  private TxnStatus status(LockInfo lock, long readTs, Backoff backoff) {
    TxnStatus known = remembered(lock.getLockVersion(), TxnStatus.ALIVE);
    if (known instanceof Ended) {
      return known;
    }
    long now = timestamps.next(backoff);
    boolean expired =
        Timestamps.millis(lock.getLockVersion()) + lock.getLockTtl() < Timestamps.millis(now);
    return ask(lock.getPrimaryLock(), lock.getLockVersion(), readTs, now, expired, backoff);
  }

  /**
   * Ends a transaction of this client whose own answers were lost: it is rolled back if it was not
   * committed, and stays so whatever arrives late.
   */
  Ended settle(ByteString primary, long startTs, Backoff backoff) {
    while (true) {
      if (ask(primary, startTs, 0, FOREVER, true, backoff) instanceof Ended end) {
        return end;
      }
      backoff.pause(Cause.LOCKED, "a transaction cannot be ended");
    }
  }

  private TxnStatus ask(
      ByteString primary, long startTs, long readTs, long now, boolean expired, Backoff backoff) {
    CheckTxnStatusRequest.Builder question =
        CheckTxnStatusRequest.newBuilder()
            .setPrimaryKey(primary)
            .setLockTs(startTs)
            .setCallerStartTs(readTs)
            .setCurrentTs(now)
            .setRollbackIfNotExist(expired)
            .setVerifyIsPrimary(true);
    CheckTxnStatusResponse answer = ask(primary, question.build(), backoff);
    if (expired && answer.getLockInfo().getUseAsyncCommit() && answer.getLockTtl() > 0) {
      TxnStatus status = ofAsyncCommit(answer.getLockInfo(), backoff);
      if (status instanceof Ended end) {
        resolveKeys(startTs, end, keysOf(answer.getLockInfo(), primary), backoff);
        remember(startTs, end);
        return end;
      }
      answer = ask(primary, question.setForceSyncCommit(true).build(), backoff);
    }
    TxnStatus status = TxnStatus.of(answer);
    if (status instanceof Ended end) {
      remember(startTs, end);
    }
    return status;
  }

  private CheckTxnStatusResponse ask(
      ByteString primary, CheckTxnStatusRequest question, Backoff backoff) {
    return new SingleKey<>(Rpcs.TXN_STATUS, primary, question).run(client, backoff);
  }

  private static List<ByteString> keysOf(LockInfo primaryLock, ByteString primary) {
    List<ByteString> keys = new ArrayList<>(primaryLock.getSecondariesList());
    keys.add(primary);
    return keys;
  }

  /**
   * Alive: at least one of its locks was put for a commit in two phases, so the primary decides.
   */
  private TxnStatus ofAsyncCommit(LockInfo primary, Backoff backoff) {
    SecondariesTask task = new SecondariesTask(primary);
    client.run(task, primary.getSecondariesList(), backoff);
    return task.status();
  }

  private static final class SecondariesTask
      implements RegionTask<ByteString, CheckSecondaryLocksRequest, CheckSecondaryLocksResponse> {
    private final long startTs;
    private long minCommitTs;
    private long commitTs;
    private boolean missing;
    private boolean twoPhases;

    SecondariesTask(LockInfo primary) {
      this.startTs = primary.getLockVersion();
      this.minCommitTs = primary.getMinCommitTs();
    }

    TxnStatus status() {
      if (commitTs != 0) {
        return new Ended(commitTs);
      }
      if (twoPhases) {
        return TxnStatus.ALIVE;
      }
      return missing ? Ended.ROLLED_BACK : new Ended(minCommitTs);
    }

    @Override
    public Rpcs.OnRegion<CheckSecondaryLocksRequest, CheckSecondaryLocksResponse> procedure() {
      return Rpcs.SECONDARIES;
    }

    @Override
    public ByteString key(ByteString key) {
      return key;
    }

    @Override
    public CheckSecondaryLocksRequest request(KnownRegion region, List<ByteString> keys) {
      return CheckSecondaryLocksRequest.newBuilder()
          .addAllKeys(keys)
          .setStartVersion(startTs)
          .build();
    }

    @Override
    public List<ByteString> take(
        KnownRegion region,
        List<ByteString> keys,
        CheckSecondaryLocksResponse answer,
        Backoff backoff) {
      if (answer.getLocksCount() < keys.size()) {
        missing = true;
        commitTs = Math.max(commitTs, answer.getCommitTs());
      }
      for (LockInfo lock : answer.getLocksList()) {
        twoPhases |= !lock.getUseAsyncCommit();
        minCommitTs = Math.max(minCommitTs, lock.getMinCommitTs());
      }
      return List.of();
    }
  }

  private void resolve(List<LockInfo> locks, Ended end, Backoff backoff) {
    resolveKeys(
        locks.get(0).getLockVersion(), end, locks.stream().map(LockInfo::getKey).toList(), backoff);
  }

  /** Turns locks of an ended transaction into what it ended as. */
  void resolveKeys(long startTs, Ended end, List<ByteString> keys, Backoff backoff) {
    client.run(
        new KeysTask<ResolveLockRequest, ResolveLockResponse>(Rpcs.RESOLVE) {
          @Override
          public ResolveLockRequest request(KnownRegion region, List<ByteString> some) {
            return ResolveLockRequest.newBuilder()
                .setStartVersion(startTs)
                .setCommitVersion(end.commitTs())
                .addAllKeys(some)
                .build();
          }
        },
        keys,
        backoff);
  }
}
