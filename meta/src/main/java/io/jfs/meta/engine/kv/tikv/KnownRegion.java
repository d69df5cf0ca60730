package io.jfs.meta.engine.kv.tikv;

import com.google.protobuf.ByteString;
import io.jfs.meta.engine.kv.tikv.proto.Context;
import io.jfs.meta.engine.kv.tikv.proto.Peer;
import io.jfs.meta.engine.kv.tikv.proto.Region;
import io.jfs.meta.engine.kv.tikv.proto.RegionEpoch;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A region as it was last heard of.
 *
 * @param start first key
 * @param end key behind the last; empty: there is no end
 * @param leader who is to be asked
 */
record KnownRegion(
    long id, RegionEpoch epoch, ByteString start, ByteString end, List<Peer> peers, Peer leader) {
  static final Comparator<ByteString> KEY_ORDER = ByteString.unsignedLexicographicalComparator();

  /**
   * @param leader null if nobody knows; then some peer is taken, which may know more
   */
  static KnownRegion of(Region region, @Nullable Peer leader) {
    return new KnownRegion(
        region.getId(),
        region.getRegionEpoch(),
        OrderedBytes.decode(region.getStartKey()),
        OrderedBytes.decode(region.getEndKey()),
        region.getPeersList(),
        leader == null || leader.getStoreId() == 0 ? region.getPeers(0) : leader);
  }

  boolean holds(ByteString key) {
    return KEY_ORDER.compare(start, key) <= 0 && (end.isEmpty() || KEY_ORDER.compare(key, end) < 0);
  }

  boolean overlaps(KnownRegion other) {
    return (end.isEmpty() || KEY_ORDER.compare(other.start, end) < 0)
        && (other.end.isEmpty() || KEY_ORDER.compare(start, other.end) < 0);
  }

  /** Whether this is an older state of that region. */
  boolean isOlderThan(KnownRegion other) {
    return id == other.id
        && (epoch.getVersion() < other.epoch.getVersion()
            || epoch.getConfVer() < other.epoch.getConfVer());
  }

  KnownRegion ledBy(Peer peer) {
    return new KnownRegion(id, epoch, start, end, peers, peer);
  }

  /** The peer to try when the leader does not answer. */
  Peer nextPeer() {
    for (int i = 0; i < peers.size(); i++) {
      if (peers.get(i).getId() == leader.getId()) {
        return peers.get((i + 1) % peers.size());
      }
    }
    return peers.get(0);
  }

  Context.Builder context() {
    return Context.newBuilder().setRegionId(id).setRegionEpoch(epoch).setPeer(leader);
  }
}
