package io.jfs.meta.engine.kv.tikv;

import com.google.protobuf.ByteString;
import io.jfs.meta.engine.kv.tikv.proto.LockInfo;
import io.jfs.meta.engine.kv.tikv.proto.ScanLockRequest;
import io.jfs.meta.engine.kv.tikv.proto.ScanLockResponse;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a cluster drop old versions: it does so up to its safe point, which its users move. First
 * every lock from before it is ended, in all of the cluster, for with the versions goes the
 * knowledge what became of its transaction. Spec metadata 4.6.
 */
final class History {
  private static final Logger LOG = LoggerFactory.getLogger(History.class);
  private static final int PAGE_LOCKS = 1024;

  private final Cluster cluster;

  History(Cluster cluster) {
    this.cluster = cluster;
  }

  /**
   * Keeps what was there so long ago and later.
   *
   * @throws io.jfs.meta.txn.EngineException if the cluster is away; then nothing is dropped
   */
  void keep(Duration span) {
    long safePoint = Timestamps.before(cluster.timestamps.next(cluster.backoff()), span);
    long ended = endLocksBefore(safePoint);
    if (ended < 0) {
      LOG.info("{}: a transaction from before {} lives on", cluster.describe(), safePoint);
      return;
    }
    long kept = cluster.drivers.keepFrom(safePoint, cluster.backoff());
    LOG.debug("{}: {} old locks, versions kept from {}", cluster.describe(), ended, kept);
  }

  /** How many locks there were; -1 if some have to stay. */
  private long endLocksBefore(long safePoint) {
    long ended = 0;
    ByteString from = ByteString.EMPTY;
    do {
      LocksTask page = new LocksTask(safePoint);
      cluster.client.run(page, List.of(from), cluster.backoff());
      if (!cluster.locks.clearForWriting(page.locks, cluster.backoff())) {
        return -1;
      }
      ended += page.locks.size();
      from = page.next;
    } while (!from.isEmpty());
    return ended;
  }

  /** The first locks of a region; the item is the key where to begin. */
  private static final class LocksTask
      implements RegionTask<ByteString, ScanLockRequest, ScanLockResponse> {
    private final long before;
    private List<LockInfo> locks = List.of();

    /** Where the next page begins; empty: this was the last. */
    private ByteString next = ByteString.EMPTY;

    LocksTask(long before) {
      this.before = before;
    }

    @Override
    public Rpcs.OnRegion<ScanLockRequest, ScanLockResponse> procedure() {
      return Rpcs.SCAN_LOCK;
    }

    @Override
    public ByteString key(ByteString from) {
      return from;
    }

    @Override
    public ScanLockRequest request(KnownRegion region, List<ByteString> from) {
      return ScanLockRequest.newBuilder()
          .setMaxVersion(before)
          .setStartKey(from.get(0))
          .setEndKey(region.end())
          .setLimit(PAGE_LOCKS)
          .build();
    }

    @Override
    public List<ByteString> take(
        KnownRegion region, List<ByteString> from, ScanLockResponse answer, Backoff backoff) {
      if (answer.hasError()) {
        backoff.pause(Backoff.Cause.BUSY, "cannot look for locks: " + answer.getError());
        return from;
      }
      locks = answer.getLocksList();
      next =
          locks.size() < PAGE_LOCKS
              ? region.end()
              : locks.get(locks.size() - 1).getKey().concat(ByteString.copyFrom(new byte[1]));
      return List.of();
    }
  }
}
