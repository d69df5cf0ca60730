package io.jfs.meta.engine.kv.tikv;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.ByteString;
import io.jfs.meta.engine.kv.tikv.proto.Peer;
import io.jfs.meta.engine.kv.tikv.proto.Region;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which region holds a key, who leads it and where that store listens, as last heard; asks the
 * placement driver for what it does not know. Thread safe.
 */
final class Regions {
  private final Drivers drivers;

  @GuardedBy("this")
  private final TreeMap<ByteString, KnownRegion> byStart = new TreeMap<>(KnownRegion.KEY_ORDER);

  @GuardedBy("this")
  private final Map<Long, String> stores = new HashMap<>();

  Regions(Drivers drivers) {
    this.drivers = drivers;
  }

  /** The region that holds a key. */
  KnownRegion of(ByteString key, Backoff backoff) {
    KnownRegion known = known(key);
    if (known == null) {
      known = drivers.region(key, backoff);
      learn(known);
    }
    return known;
  }

  private synchronized @Nullable KnownRegion known(ByteString key) {
    Map.Entry<ByteString, KnownRegion> entry = byStart.floorEntry(key);
    return entry != null && entry.getValue().holds(key) ? entry.getValue() : null;
  }

  /** Where the leader of a region listens. */
  String server(KnownRegion region, Backoff backoff) {
    long store = region.leader().getStoreId();
    synchronized (this) {
      String server = stores.get(store);
      if (server != null) {
        return server;
      }
    }
    String server = drivers.store(store, backoff);
    synchronized (this) {
      stores.put(store, server);
    }
    return server;
  }

  /** Takes a region in, unless a newer state of it is known. */
  synchronized void learn(KnownRegion region) {
    List<KnownRegion> overlapping = overlapping(region);
    if (overlapping.stream().anyMatch(region::isOlderThan)) {
      return;
    }
    overlapping.forEach(old -> byStart.remove(old.start()));
    byStart.put(region.start(), region);
  }

  @GuardedBy("this")
  private List<KnownRegion> overlapping(KnownRegion region) {
    ByteString first = byStart.floorKey(region.start());
    List<KnownRegion> overlapping = new ArrayList<>();
    for (KnownRegion known : (first == null ? byStart : byStart.tailMap(first)).values()) {
      if (region.overlaps(known)) {
        overlapping.add(known);
      } else if (KnownRegion.KEY_ORDER.compare(known.start(), region.start()) > 0) {
        break;
      }
    }
    return overlapping;
  }

  synchronized void forget(KnownRegion region) {
    if (region.equals(byStart.get(region.start()))) {
      byStart.remove(region.start());
    }
  }

  /** The store's address is to be asked for again. */
  synchronized void forgetStore(long store) {
    stores.remove(store);
  }

  /** Somebody said who leads a region now. */
  synchronized void ledBy(KnownRegion region, Peer leader) {
    if (region.equals(byStart.get(region.start()))) {
      byStart.put(region.start(), region.ledBy(leader));
    }
  }

  /** A store said what became of a region that was split or merged. */
  synchronized void replace(KnownRegion old, List<Region> current) {
    forget(old);
    for (Region region : current) {
      KnownRegion now = KnownRegion.of(region, null);
      Peer onSameStore =
          now.peers().stream()
              .filter(peer -> peer.getStoreId() == old.leader().getStoreId())
              .findFirst()
              .orElse(now.leader());
      learn(now.ledBy(onSameStore));
    }
  }
}
