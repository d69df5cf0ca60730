package io.jfs.meta.engine.kv.tikv;

import com.google.protobuf.ByteString;
import io.jfs.meta.engine.kv.tikv.proto.BatchGetRequest;
import io.jfs.meta.engine.kv.tikv.proto.BatchGetResponse;
import io.jfs.meta.engine.kv.tikv.proto.BatchRollbackRequest;
import io.jfs.meta.engine.kv.tikv.proto.BatchRollbackResponse;
import io.jfs.meta.engine.kv.tikv.proto.CheckSecondaryLocksRequest;
import io.jfs.meta.engine.kv.tikv.proto.CheckSecondaryLocksResponse;
import io.jfs.meta.engine.kv.tikv.proto.CheckTxnStatusRequest;
import io.jfs.meta.engine.kv.tikv.proto.CheckTxnStatusResponse;
import io.jfs.meta.engine.kv.tikv.proto.CommitRequest;
import io.jfs.meta.engine.kv.tikv.proto.CommitResponse;
import io.jfs.meta.engine.kv.tikv.proto.CommitTsExpired;
import io.jfs.meta.engine.kv.tikv.proto.DeleteRangeRequest;
import io.jfs.meta.engine.kv.tikv.proto.DeleteRangeResponse;
import io.jfs.meta.engine.kv.tikv.proto.KeyError;
import io.jfs.meta.engine.kv.tikv.proto.KvRow;
import io.jfs.meta.engine.kv.tikv.proto.LockInfo;
import io.jfs.meta.engine.kv.tikv.proto.Mutation;
import io.jfs.meta.engine.kv.tikv.proto.Op;
import io.jfs.meta.engine.kv.tikv.proto.PrewriteRequest;
import io.jfs.meta.engine.kv.tikv.proto.PrewriteResponse;
import io.jfs.meta.engine.kv.tikv.proto.PrimaryMismatch;
import io.jfs.meta.engine.kv.tikv.proto.ResolveLockRequest;
import io.jfs.meta.engine.kv.tikv.proto.ResolveLockResponse;
import io.jfs.meta.engine.kv.tikv.proto.ScanLockRequest;
import io.jfs.meta.engine.kv.tikv.proto.ScanLockResponse;
import io.jfs.meta.engine.kv.tikv.proto.ScanRequest;
import io.jfs.meta.engine.kv.tikv.proto.ScanResponse;
import io.jfs.meta.engine.kv.tikv.proto.TxnHeartBeatRequest;
import io.jfs.meta.engine.kv.tikv.proto.TxnHeartBeatResponse;
import io.jfs.meta.engine.kv.tikv.proto.TxnLockNotFound;
import io.jfs.meta.engine.kv.tikv.proto.TxnNotFound;
import io.jfs.meta.engine.kv.tikv.proto.WriteConflict;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Percolator on the heap: versions, locks and rollbacks of every key, and the rules of TiKV for
 * them. What regions agree on by raft is simply shared here.
 */
final class FakeMvcc {
  private record Version(long startTs, Op op, ByteString value) {}

  private record Lock(
      ByteString key,
      ByteString primary,
      long startTs,
      long ttlMillis,
      Op op,
      ByteString value,
      long minCommitTs,
      boolean async,
      List<ByteString> secondaries) {
    LockInfo info() {
      return LockInfo.newBuilder()
          .setKey(key)
          .setPrimaryLock(primary)
          .setLockVersion(startTs)
          .setLockTtl(ttlMillis)
          .setLockType(op.getNumber())
          .setMinCommitTs(minCommitTs)
          .setUseAsyncCommit(async)
          .addAllSecondaries(secondaries)
          .build();
    }

    Lock with(long ttl, long minCommit) {
      return new Lock(key, primary, startTs, ttl, op, value, minCommit, async, secondaries);
    }
  }

  private static final class Entry {
    private Lock lock;
    private final TreeMap<Long, Version> versions = new TreeMap<>();
    private final Set<Long> rolledBack = new HashSet<>();

    long commitTsOf(long startTs) {
      for (Map.Entry<Long, Version> version : versions.entrySet()) {
        if (version.getValue().startTs() == startTs) {
          return version.getKey();
        }
      }
      return 0;
    }

    void commit(long commitTs) {
      versions.put(commitTs, new Version(lock.startTs(), lock.op(), lock.value()));
      lock = null;
    }

    void rollBack(long startTs) {
      if (lock != null && lock.startTs() == startTs) {
        lock = null;
      }
      rolledBack.add(startTs);
    }

    boolean isLockedBy(long startTs) {
      return lock != null && lock.startTs() == startTs;
    }
  }

  private final TreeMap<ByteString, Entry> entries =
      new TreeMap<>(ByteString.unsignedLexicographicalComparator());
  private long maxTs;
  private boolean offersOnePc = true;
  private boolean offersAsyncCommit = true;
  private int heartBeats;

  /** As a cluster that has these switched off. */
  synchronized void offer(boolean onePc, boolean asyncCommit) {
    offersOnePc = onePc;
    offersAsyncCommit = asyncCommit;
  }

  synchronized long lockCount() {
    return entries.values().stream().filter(entry -> entry.lock != null).count();
  }

  synchronized int heartBeats() {
    return heartBeats;
  }

  private Entry entry(ByteString key) {
    return entries.computeIfAbsent(key, k -> new Entry());
  }

  // ---- reads ----

  private KvRow read(
      ByteString key, Entry entry, long ts, Collection<Long> passable, boolean keyOnly) {
    Lock lock = entry.lock;
    if (lock != null
        && lock.startTs() <= ts
        && lock.op() != Op.LOCK
        && lock.minCommitTs() <= ts
        && !passable.contains(lock.startTs())) {
      return KvRow.newBuilder().setError(KeyError.newBuilder().setLocked(lock.info())).build();
    }
    for (Version version : entry.versions.headMap(ts, true).descendingMap().values()) {
      if (version.op() != Op.LOCK) {
        return version.op() == Op.DEL
            ? null
            : KvRow.newBuilder()
                .setKey(key)
                .setValue(keyOnly ? ByteString.EMPTY : version.value())
                .build();
      }
    }
    return null;
  }

  synchronized BatchGetResponse batchGet(BatchGetRequest request) {
    maxTs = Math.max(maxTs, request.getVersion());
    BatchGetResponse.Builder answer = BatchGetResponse.newBuilder();
    List<Long> passable = request.getContext().getResolvedLocksList();
    for (ByteString key : request.getKeysList()) {
      Entry entry = entries.get(key);
      KvRow row = entry == null ? null : read(key, entry, request.getVersion(), passable, false);
      if (row != null) {
        answer.addPairs(row);
      }
    }
    return answer.build();
  }

  synchronized ScanResponse scan(ScanRequest request) {
    maxTs = Math.max(maxTs, request.getVersion());
    ScanResponse.Builder answer = ScanResponse.newBuilder();
    List<Long> passable = request.getContext().getResolvedLocksList();
    for (Map.Entry<ByteString, Entry> e :
        entries.subMap(request.getStartKey(), request.getEndKey()).entrySet()) {
      if (answer.getPairsCount() == request.getLimit()) {
        break;
      }
      KvRow row =
          read(e.getKey(), e.getValue(), request.getVersion(), passable, request.getKeyOnly());
      if (row != null) {
        answer.addPairs(row);
      }
    }
    return answer.build();
  }

  // ---- writes ----

  synchronized PrewriteResponse prewrite(PrewriteRequest request) {
    PrewriteResponse.Builder answer = PrewriteResponse.newBuilder();
    for (Mutation mutation : request.getMutationsList()) {
      KeyError error = refusal(entry(mutation.getKey()), request.getStartVersion(), mutation);
      if (error != null) {
        answer.addErrors(error);
      }
    }
    if (answer.getErrorsCount() > 0) {
      return answer.build();
    }
    long earliest =
        Math.max(Math.max(maxTs, request.getStartVersion()) + 1, request.getMinCommitTs());
    if (request.getTryOnePc() && offersOnePc) {
      for (Mutation mutation : request.getMutationsList()) {
        entry(mutation.getKey())
            .versions
            .put(
                earliest,
                new Version(request.getStartVersion(), mutation.getOp(), mutation.getValue()));
      }
      return answer.setOnePcCommitTs(earliest).build();
    }
    boolean async = request.getUseAsyncCommit() && offersAsyncCommit;
    for (Mutation mutation : request.getMutationsList()) {
      entry(mutation.getKey()).lock =
          new Lock(
              mutation.getKey(),
              request.getPrimaryLock(),
              request.getStartVersion(),
              request.getLockTtl(),
              mutation.getOp(),
              mutation.getValue(),
              async ? earliest : request.getMinCommitTs(),
              async,
              mutation.getKey().equals(request.getPrimaryLock()) && async
                  ? request.getSecondariesList()
                  : List.of());
    }
    return answer.setMinCommitTs(async ? earliest : 0).build();
  }

  private static KeyError refusal(Entry entry, long startTs, Mutation mutation) {
    if (entry.lock != null && entry.lock.startTs() != startTs) {
      return KeyError.newBuilder().setLocked(entry.lock.info()).build();
    }
    Long newer = entry.versions.higherKey(startTs);
    if (newer != null || entry.rolledBack.contains(startTs)) {
      return KeyError.newBuilder()
          .setConflict(
              WriteConflict.newBuilder()
                  .setKey(mutation.getKey())
                  .setStartTs(startTs)
                  .setConflictCommitTs(newer == null ? startTs : newer))
          .build();
    }
    return null;
  }

  synchronized CommitResponse commit(CommitRequest request) {
    for (ByteString key : request.getKeysList()) {
      Entry entry = entry(key);
      if (!entry.isLockedBy(request.getStartVersion())) {
        if (entry.commitTsOf(request.getStartVersion()) == 0) {
          return CommitResponse.newBuilder()
              .setError(
                  KeyError.newBuilder()
                      .setTxnLockNotFound(TxnLockNotFound.newBuilder().setKey(key)))
              .build();
        }
      } else if (request.getCommitVersion() < entry.lock.minCommitTs()) {
        return CommitResponse.newBuilder()
            .setError(
                KeyError.newBuilder()
                    .setCommitTsExpired(
                        CommitTsExpired.newBuilder().setMinCommitTs(entry.lock.minCommitTs())))
            .build();
      }
    }
    for (ByteString key : request.getKeysList()) {
      if (entry(key).isLockedBy(request.getStartVersion())) {
        entry(key).commit(request.getCommitVersion());
      }
    }
    return CommitResponse.getDefaultInstance();
  }

  synchronized BatchRollbackResponse rollBack(BatchRollbackRequest request) {
    for (ByteString key : request.getKeysList()) {
      if (entry(key).commitTsOf(request.getStartVersion()) != 0) {
        return BatchRollbackResponse.newBuilder()
            .setError(KeyError.newBuilder().setAbort("committed"))
            .build();
      }
    }
    request.getKeysList().forEach(key -> entry(key).rollBack(request.getStartVersion()));
    return BatchRollbackResponse.getDefaultInstance();
  }

  synchronized TxnHeartBeatResponse heartBeat(TxnHeartBeatRequest request) {
    Entry entry = entry(request.getPrimaryLock());
    if (!entry.isLockedBy(request.getStartVersion())) {
      return TxnHeartBeatResponse.newBuilder()
          .setError(KeyError.newBuilder().setTxnNotFound(TxnNotFound.getDefaultInstance()))
          .build();
    }
    heartBeats++;
    long ttl = Math.max(entry.lock.ttlMillis(), request.getAdviseLockTtl());
    entry.lock = entry.lock.with(ttl, entry.lock.minCommitTs());
    return TxnHeartBeatResponse.newBuilder().setLockTtl(ttl).build();
  }

  synchronized DeleteRangeResponse deleteRange(DeleteRangeRequest request) {
    entries.subMap(request.getStartKey(), request.getEndKey()).clear();
    return DeleteRangeResponse.getDefaultInstance();
  }

  // ---- history ----

  /** How many versions of a key there are. */
  synchronized int versions(ByteString key) {
    Entry entry = entries.get(key);
    return entry == null ? 0 : entry.versions.size();
  }

  /** Drops what no reader from the safe point on can see; knows nothing of locks, as compaction. */
  synchronized void collect(long safePoint) {
    for (Entry entry : entries.values()) {
      entry.rolledBack.removeIf(ts -> ts <= safePoint);
      boolean seen = false;
      var old = entry.versions.headMap(safePoint, true).descendingMap().values().iterator();
      while (old.hasNext()) {
        Op op = old.next().op();
        if (seen || op != Op.PUT) {
          old.remove();
        }
        seen |= op != Op.LOCK;
      }
    }
  }

  synchronized ScanLockResponse scanLock(ScanLockRequest request) {
    var from = entries.tailMap(request.getStartKey());
    var range = request.getEndKey().isEmpty() ? from : from.headMap(request.getEndKey());
    ScanLockResponse.Builder answer = ScanLockResponse.newBuilder();
    range.values().stream()
        .filter(entry -> entry.lock != null && entry.lock.startTs() <= request.getMaxVersion())
        .limit(request.getLimit())
        .forEach(entry -> answer.addLocks(entry.lock.info()));
    return answer.build();
  }

  // ---- what became of a transaction ----

  synchronized CheckTxnStatusResponse status(CheckTxnStatusRequest request) {
    CheckTxnStatusResponse.Builder answer = CheckTxnStatusResponse.newBuilder();
    Entry entry = entry(request.getPrimaryKey());
    if (!entry.isLockedBy(request.getLockTs())) {
      return withoutLock(request, entry, answer);
    }
    Lock lock = entry.lock;
    if (request.getVerifyIsPrimary() && !lock.primary().equals(request.getPrimaryKey())) {
      return answer
          .setError(
              KeyError.newBuilder()
                  .setPrimaryMismatch(PrimaryMismatch.newBuilder().setLockInfo(lock.info())))
          .build();
    }
    if (lock.async() && !request.getForceSyncCommit()) {
      return answer.setLockTtl(lock.ttlMillis()).setLockInfo(lock.info()).build();
    }
    long deathMillis = Timestamps.millis(lock.startTs()) + lock.ttlMillis();
    if (deathMillis < Timestamps.millis(request.getCurrentTs())) {
      entry.rollBack(request.getLockTs());
      return answer.setAction(1).build();
    }
    long reader = request.getCallerStartTs();
    if (reader > 0 && lock.minCommitTs() <= reader) {
      lock = lock.with(lock.ttlMillis(), reader + 1);
      entry.lock = lock;
    }
    if (reader > 0) {
      answer.setAction(TxnStatus.MIN_COMMIT_TS_PUSHED);
    }
    return answer.setLockTtl(lock.ttlMillis()).setLockInfo(lock.info()).build();
  }

  private static CheckTxnStatusResponse withoutLock(
      CheckTxnStatusRequest request, Entry entry, CheckTxnStatusResponse.Builder answer) {
    long commitTs = entry.commitTsOf(request.getLockTs());
    if (commitTs != 0) {
      return answer.setCommitVersion(commitTs).build();
    }
    if (entry.rolledBack.contains(request.getLockTs())) {
      return answer.build();
    }
    if (!request.getRollbackIfNotExist()) {
      return answer
          .setError(KeyError.newBuilder().setTxnNotFound(TxnNotFound.getDefaultInstance()))
          .build();
    }
    entry.rollBack(request.getLockTs());
    return answer.setAction(2).build();
  }

  synchronized CheckSecondaryLocksResponse secondaries(CheckSecondaryLocksRequest request) {
    CheckSecondaryLocksResponse.Builder answer = CheckSecondaryLocksResponse.newBuilder();
    for (ByteString key : request.getKeysList()) {
      Entry entry = entry(key);
      if (!entry.isLockedBy(request.getStartVersion())) {
        long commitTs = entry.commitTsOf(request.getStartVersion());
        if (commitTs == 0) {
          entry.rollBack(request.getStartVersion());
        }
        return answer.clearLocks().setCommitTs(commitTs).build();
      }
      answer.addLocks(entry.lock.info());
    }
    return answer.build();
  }

  synchronized ResolveLockResponse resolve(ResolveLockRequest request) {
    for (ByteString key : request.getKeysList()) {
      Entry entry = entry(key);
      if (entry.isLockedBy(request.getStartVersion())) {
        if (request.getCommitVersion() == 0) {
          entry.rollBack(request.getStartVersion());
        } else {
          entry.commit(request.getCommitVersion());
        }
      }
    }
    return ResolveLockResponse.getDefaultInstance();
  }
}
