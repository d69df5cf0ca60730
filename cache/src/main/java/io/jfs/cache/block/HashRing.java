package io.jfs.cache.block;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Spreads keys over cache folders by consistent hashing over the folders' ids, so that a folder
 * keeps its keys when it is moved or another one is added (data format 3.4).
 */
final class HashRing {
  private static final int REPLICAS = 100;
  private static final int ROUNDS = 5;
  private static final double WHOLE = 4294967296.0;

  private final NavigableMap<Long, Integer> points;

  private HashRing(NavigableMap<Long, Integer> points) {
    this.points = points;
  }

  /** A ring of the folders with these ids; answers are positions in the list. */
  static HashRing of(List<String> ids) {
    int[] replicas = new int[ids.size()];
    java.util.Arrays.fill(replicas, REPLICAS);
    NavigableMap<Long, Integer> points = points(ids, replicas);
    for (int round = 0; round < ROUNDS && ids.size() > 1; round++) {
      if (!rebalance(replicas, shares(points, ids.size()))) {
        break;
      }
      points = points(ids, replicas);
    }
    return new HashRing(points);
  }

  /** Which folder a key belongs to. */
  int find(String key) {
    Map.Entry<Long, Integer> point = points.ceilingEntry(unsigned(Hashes.murmur3(key)));
    return point != null ? point.getValue() : points.firstEntry().getValue();
  }

  private static NavigableMap<Long, Integer> points(List<String> ids, int[] replicas) {
    NavigableMap<Long, Integer> points = new TreeMap<>();
    for (int folder = 0; folder < ids.size(); folder++) {
      for (int i = 0; i < replicas[folder]; i++) {
        points.put(unsigned(Hashes.murmur3(i + ids.get(folder))), folder);
      }
    }
    return points;
  }

  /** Share of the ring that each folder owns: the arcs that end at its points. */
  private static List<Double> shares(NavigableMap<Long, Integer> points, int folders) {
    long[] arcs = new long[folders];
    long previous = points.lastKey() - (1L << 32); // the first point owns the arc around zero
    for (Map.Entry<Long, Integer> point : points.entrySet()) {
      arcs[point.getValue()] += point.getKey() - previous;
      previous = point.getKey();
    }
    List<Double> shares = new ArrayList<>();
    for (long arc : arcs) {
      shares.add(arc / WHOLE);
    }
    return shares;
  }

  /** Gives small folders more points; whether anything changed. */
  private static boolean rebalance(int[] replicas, List<Double> shares) {
    double expected = 1.0 / replicas.length;
    boolean changed = false;
    for (int folder = 0; folder < replicas.length; folder++) {
      double wrong = (expected - shares.get(folder)) / expected;
      int adjust = (int) (replicas[folder] * wrong * 0.75);
      if (adjust != 0 && adjust != 1) {
        replicas[folder] += adjust;
        changed = true;
      }
    }
    return changed;
  }

  private static long unsigned(int hash) {
    return Integer.toUnsignedLong(hash);
  }
}
