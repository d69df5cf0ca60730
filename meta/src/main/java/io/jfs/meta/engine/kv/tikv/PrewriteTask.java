package io.jfs.meta.engine.kv.tikv;

import com.google.protobuf.ByteString;
import io.jfs.meta.engine.kv.tikv.proto.KeyError;
import io.jfs.meta.engine.kv.tikv.proto.LockInfo;
import io.jfs.meta.engine.kv.tikv.proto.Mutation;
import io.jfs.meta.engine.kv.tikv.proto.PrewriteRequest;
import io.jfs.meta.engine.kv.tikv.proto.PrewriteResponse;
import java.util.ArrayList;
import java.util.List;

/** Locks every key of a transaction, or finds one that has changed since its start. */
final class PrewriteTask implements RegionTask<Mutation, PrewriteRequest, PrewriteResponse> {
  private static final int MOST_KEYS_TO_AGREE = 256;
  private static final int MOST_BYTES_TO_AGREE = 4096;

  private final long startTs;
  private final long latestTs;
  private final ByteString primary;
  private final List<Mutation> mutations;
  private final Locks locks;

  private boolean inTwoPhases;
  private long ttlMillis;
  private boolean agreed = true;
  private boolean refused;
  private boolean locked;
  private long committedTs;
  private long agreedTs;

  PrewriteTask(
      long startTs, long latestTs, ByteString primary, List<Mutation> mutations, Locks locks) {
    this.startTs = startTs;
    this.latestTs = latestTs;
    this.primary = primary;
    this.mutations = mutations;
    this.locks = locks;
  }

  /**
   * @param twoPhases whether nothing may be committed before a second request says so
   * @param ttl how long the locks shall live, counted from the start timestamp
   */
  void ask(boolean twoPhases, long ttl) {
    inTwoPhases = twoPhases;
    ttlMillis = ttl;
  }

  /** Some key was changed, or is about to be. */
  boolean isRefused() {
    return refused;
  }

  /** Some locks are in place. */
  boolean hasLocked() {
    return locked;
  }

  /** When everything was committed by the very request; 0 if it was not. */
  long committedTs() {
    return committedTs;
  }

  /** When everything is committed now that all locks are there; 0 if a second phase is needed. */
  long agreedTs() {
    return agreed && !inTwoPhases ? agreedTs : 0;
  }

  @Override
  public Rpcs.OnRegion<PrewriteRequest, PrewriteResponse> procedure() {
    return Rpcs.PREWRITE;
  }

  @Override
  public ByteString key(Mutation mutation) {
    return mutation.getKey();
  }

  @Override
  public int weight(Mutation mutation) {
    return mutation.getSerializedSize();
  }

  @Override
  public boolean isRepeatable() {
    return false;
  }

  private boolean canAgree() {
    return !inTwoPhases
        && mutations.size() <= MOST_KEYS_TO_AGREE
        && mutations.stream().mapToInt(m -> m.getKey().size()).sum() <= MOST_BYTES_TO_AGREE;
  }

  @Override
  public PrewriteRequest request(KnownRegion region, List<Mutation> some) {
    PrewriteRequest.Builder request =
        PrewriteRequest.newBuilder()
            .addAllMutations(some)
            .setPrimaryLock(primary)
            .setStartVersion(startTs)
            .setLockTtl(ttlMillis)
            .setTxnSize(some.size())
            // Later than all that this client has read, however long ago the start was.
            .setMinCommitTs(Math.max(startTs, latestTs) + 1)
            // A part alone must never commit: regions may have been split since.
            .setTryOnePc(!inTwoPhases && some.size() == mutations.size());
    if (canAgree()) {
      request.setUseAsyncCommit(true);
      if (some.stream().anyMatch(mutation -> mutation.getKey().equals(primary))) {
        mutations.stream()
            .map(Mutation::getKey)
            .filter(key -> !key.equals(primary))
            .forEach(request::addSecondaries);
      }
    }
    return request.build();
  }

  @Override
  public List<Mutation> take(
      KnownRegion region, List<Mutation> some, PrewriteResponse answer, Backoff backoff) {
    if (answer.getErrorsCount() == 0) {
      locked = true;
      committedTs = answer.getOnePcCommitTs();
      agreed &= answer.getMinCommitTs() != 0;
      agreedTs = Math.max(agreedTs, answer.getMinCommitTs());
      return List.of();
    }
    List<LockInfo> met = new ArrayList<>();
    for (KeyError error : answer.getErrorsList()) {
      if (error.hasLocked()) {
        met.add(error.getLocked());
      } else {
        refused = true;
      }
    }
    // A lock whose owner lives will become a change: no use in waiting for it.
    if (refused || !locks.clearForWriting(met, backoff)) {
      refused = true;
      return List.of();
    }
    return some;
  }
}
