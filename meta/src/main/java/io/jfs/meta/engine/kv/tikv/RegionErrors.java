package io.jfs.meta.engine.kv.tikv;

import io.jfs.meta.engine.kv.tikv.Backoff.Cause;
import io.jfs.meta.engine.kv.tikv.proto.Peer;
import io.jfs.meta.engine.kv.tikv.proto.RegionError;

/** What is done about each way in which a region can refuse a request. */
final class RegionErrors {
  private final Regions regions;

  RegionErrors(Regions regions) {
    this.regions = regions;
  }

  /** Prepares for sending the request again: learns, or waits, or both. */
  void handle(KnownRegion region, RegionError error, Backoff backoff) {
    if (error.hasNotLeader()) {
      notLeader(region, error, backoff);
    } else if (error.hasEpochNotMatch()) {
      regions.replace(region, error.getEpochNotMatch().getCurrentRegionsList());
      backoff.pause(Cause.REGION_MOVED, "region " + region.id() + " was split or merged");
    } else if (error.hasServerIsBusy()) {
      backoff.pause(
          Cause.BUSY,
          "store "
              + region.leader().getStoreId()
              + " is busy: "
              + error.getServerIsBusy().getReason(),
          error.getServerIsBusy().getBackoffMs(),
          null);
    } else if (error.hasRaftEntryTooLarge()) {
      throw backoff.fatal("a change is too large for the cluster: " + error.getMessage());
    } else if (error.hasDiskFull()) {
      throw backoff.full("disk full: " + error.getDiskFull().getReason());
    } else if (error.hasStoreNotMatch()) {
      regions.forgetStore(region.leader().getStoreId());
      regions.forget(region);
      backoff.pause(Cause.REGION_MOVED, "another store has taken the address");
    } else if (isPassing(error)) {
      backoff.pause(Cause.BUSY, "region " + region.id() + ": " + error.getMessage());
    } else {
      // Not found, merged away, key outside, peer replaced, and what is not known yet.
      regions.forget(region);
      backoff.pause(Cause.REGION_MOVED, "region " + region.id() + ": " + error.getMessage());
    }
  }

  private void notLeader(KnownRegion region, RegionError error, Backoff backoff) {
    Peer leader = error.getNotLeader().getLeader();
    if (leader.getStoreId() != 0 && !leader.equals(region.leader())) {
      regions.ledBy(region, leader);
      backoff.pause(Cause.REGION_MOVED, "region " + region.id() + " has another leader");
    } else {
      regions.forget(region);
      backoff.pause(Cause.NO_LEADER, "region " + region.id() + " has no leader");
    }
  }

  /** Whether the same peer will answer soon. */
  private static boolean isPassing(RegionError error) {
    return error.hasStaleCommand()
        || error.hasReadIndexNotReady()
        || error.hasProposalInMergingMode()
        || error.hasDataIsNotReady()
        || error.hasRegionNotInitialized()
        || error.hasMaxTimestampNotSynced()
        || error.hasRecoveryInProgress();
  }

  /** The leader's store does not answer: the next peer may have taken over, or know who has. */
  void unreachable(KnownRegion region) {
    regions.forgetStore(region.leader().getStoreId());
    Peer next = region.nextPeer();
    if (next.equals(region.leader())) {
      regions.forget(region);
    } else {
      regions.ledBy(region, next);
    }
  }
}
