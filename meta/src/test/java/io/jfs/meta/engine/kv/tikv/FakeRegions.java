package io.jfs.meta.engine.kv.tikv;

import com.google.protobuf.ByteString;
import io.jfs.meta.engine.kv.tikv.proto.Context;
import io.jfs.meta.engine.kv.tikv.proto.EpochNotMatch;
import io.jfs.meta.engine.kv.tikv.proto.GetRegionResponse;
import io.jfs.meta.engine.kv.tikv.proto.KeyNotInRegion;
import io.jfs.meta.engine.kv.tikv.proto.NotLeader;
import io.jfs.meta.engine.kv.tikv.proto.Peer;
import io.jfs.meta.engine.kv.tikv.proto.Region;
import io.jfs.meta.engine.kv.tikv.proto.RegionEpoch;
import io.jfs.meta.engine.kv.tikv.proto.RegionError;
import io.jfs.meta.engine.kv.tikv.proto.RegionNotFound;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How the keys of the fake cluster are cut into regions, and which store leads each. */
final class FakeRegions {
  private record Place(long id, long version, ByteString start, ByteString end, int leader) {}

  private final int stores;
  private final TreeMap<ByteString, Place> byStart = new TreeMap<>(KnownRegion.KEY_ORDER);
  private long nextId = 100;

  FakeRegions(int stores) {
    this.stores = stores;
    byStart.put(ByteString.EMPTY, new Place(2, 1, ByteString.EMPTY, ByteString.EMPTY, 1));
  }

  private Place at(ByteString key) {
    return byStart.floorEntry(key).getValue();
  }

  synchronized int count() {
    return byStart.size();
  }

  /** Cuts a region before a key; the left part keeps the id. */
  synchronized void split(ByteString key) {
    Place old = at(key);
    if (!old.start().equals(key)) {
      byStart.put(
          old.start(), new Place(old.id(), old.version() + 1, old.start(), key, old.leader()));
      byStart.put(key, new Place(nextId++, old.version() + 1, key, old.end(), old.leader()));
    }
  }

  /** Makes the region that holds a key one with its right neighbour. */
  synchronized void merge(ByteString key) {
    Place left = at(key);
    if (!left.end().isEmpty()) {
      Place right = byStart.remove(left.end());
      long version = Math.max(left.version(), right.version()) + 1;
      byStart.put(
          left.start(), new Place(left.id(), version, left.start(), right.end(), left.leader()));
    }
  }

  /** Gives the region that holds a key to the next store. */
  synchronized void moveLeader(ByteString key) {
    Place old = at(key);
    lead(old, old.leader() % stores + 1);
  }

  private void lead(Place old, int store) {
    byStart.put(old.start(), new Place(old.id(), old.version(), old.start(), old.end(), store));
  }

  /** All that a store leads goes to the next. */
  synchronized void leave(int store) {
    List.copyOf(byStart.values()).stream()
        .filter(place -> place.leader() == store)
        .forEach(place -> lead(place, store % stores + 1));
  }

  private Peer peer(Place place, int store) {
    return Peer.newBuilder().setId(place.id() * 10 + store).setStoreId(store).build();
  }

  private Region describe(Place place) {
    Region.Builder region =
        Region.newBuilder()
            .setId(place.id())
            .setStartKey(bound(place.start()))
            .setEndKey(bound(place.end()))
            .setRegionEpoch(
                RegionEpoch.newBuilder().setConfVer(stores).setVersion(place.version()));
    for (int store = 1; store <= stores; store++) {
      region.addPeers(peer(place, store));
    }
    return region.build();
  }

  private static ByteString bound(ByteString key) {
    return key.isEmpty() ? key : OrderedBytes.encode(key);
  }

  /** What the placement driver says of a key, which is encoded. */
  synchronized GetRegionResponse find(ByteString key) {
    Place place = at(OrderedBytes.decode(key));
    return GetRegionResponse.newBuilder()
        .setRegion(describe(place))
        .setLeader(peer(place, place.leader()))
        .build();
  }

  /** What a store says of a request for some keys; null if it may be carried out. */
  synchronized RegionError check(int store, Context context, Collection<ByteString> keys) {
    Place place = null;
    for (Place candidate : byStart.values()) {
      if (candidate.id() == context.getRegionId()) {
        place = candidate;
      }
    }
    RegionError.Builder error = RegionError.newBuilder();
    if (place == null) {
      return error
          .setMessage("region not found")
          .setRegionNotFound(RegionNotFound.newBuilder().setRegionId(context.getRegionId()))
          .build();
    }
    if (place.leader() != store) {
      return error
          .setNotLeader(
              NotLeader.newBuilder().setRegionId(place.id()).setLeader(peer(place, place.leader())))
          .build();
    }
    if (context.getRegionEpoch().getVersion() != place.version()) {
      List<Region> current = new ArrayList<>();
      current.add(describe(place));
      Map.Entry<ByteString, Place> next = byStart.higherEntry(place.start());
      if (next != null) {
        current.add(describe(next.getValue()));
      }
      return error
          .setEpochNotMatch(EpochNotMatch.newBuilder().addAllCurrentRegions(current))
          .build();
    }
    for (ByteString key : keys) {
      if (at(key).id() != place.id()) {
        return error.setKeyNotInRegion(KeyNotInRegion.newBuilder().setRegionId(place.id())).build();
      }
    }
    return null;
  }
}
