package io.jfs.cache.block;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Which blocks are cached, when each was last used, and what they take together. Thread safe. */
final class CacheIndex {
  private final ConcurrentHashMap<BlockKey, CachedBlock> blocks = new ConcurrentHashMap<>();
  private final AtomicLong usedBytes = new AtomicLong();
  private final AtomicLong stagedBlocks = new AtomicLong();
  private final AtomicLong stagedBytes = new AtomicLong();

  /** The block, marked as used now; null if it is not cached. */
  @Nullable CachedBlock use(BlockKey key, int nowSeconds) {
    CachedBlock found = blocks.get(key);
    if (found != null && found.lastUsedSeconds() != nowSeconds) {
      found.used(nowSeconds);
    }
    return found;
  }

  @Nullable CachedBlock get(BlockKey key) {
    return blocks.get(key);
  }

  void put(BlockKey key, CachedBlock block) {
    CachedBlock replaced = blocks.put(key, block);
    count(key, block, 1);
    if (replaced != null) {
      count(key, replaced, -1);
    }
  }

  /** Adds a block that a scan found, unless it is known already. */
  void putIfAbsent(BlockKey key, CachedBlock block) {
    if (blocks.putIfAbsent(key, block) == null) {
      count(key, block, 1);
    }
  }

  @Nullable CachedBlock remove(BlockKey key) {
    CachedBlock removed = blocks.remove(key);
    if (removed != null) {
      count(key, removed, -1);
    }
    return removed;
  }

  private void count(BlockKey key, CachedBlock block, int sign) {
    usedBytes.addAndGet(sign * block.accountedBytes());
    if (block.isStaged()) {
      stagedBlocks.addAndGet(sign);
      stagedBytes.addAndGet((long) sign * key.sizeBytes());
    }
  }

  long usedBytes() {
    return usedBytes.get();
  }

  int blockCount() {
    return blocks.size();
  }

  long stagedBlocks() {
    return stagedBlocks.get();
  }

  long stagedBytes() {
    return stagedBytes.get();
  }

  List<BlockKey> keys() {
    return new ArrayList<>(blocks.keySet());
  }

  /** Blocks not used since {@code seconds}, staged ones never. */
  List<BlockKey> unusedSince(int seconds) {
    List<BlockKey> found = new ArrayList<>();
    blocks.forEach(
        (key, block) -> {
          if (!block.isStaged() && block.lastUsedSeconds() < seconds) {
            found.add(key);
          }
        });
    return found;
  }

  /** What to evict so that at least so much becomes free; staged blocks never. */
  List<BlockKey> victims(Eviction eviction, long bytes, long count) {
    if (eviction == Eviction.NONE || (bytes <= 0 && count <= 0)) {
      return List.of();
    }
    Need need = new Need(bytes, count);
    return eviction == Eviction.LRU ? oldest(need) : olderOfPairs(need);
  }

  private static final class Need {
    private long bytes;
    private long count;

    Need(long bytes, long count) {
      this.bytes = bytes;
      this.count = count;
    }

    boolean isMet() {
      return bytes <= 0 && count <= 0;
    }

    void subtract(CachedBlock block) {
      bytes -= block.accountedBytes();
      count--;
    }
  }

  /** The order of a hash map is as good as random with regard to age. */
  private List<BlockKey> olderOfPairs(Need need) {
    Map<BlockKey, CachedBlock> chosen = new HashMap<>();
    for (int round = 0; round < 8 && !need.isMet(); round++) {
      Map.Entry<BlockKey, CachedBlock> first = null;
      for (Iterator<Map.Entry<BlockKey, CachedBlock>> all = blocks.entrySet().iterator();
          all.hasNext() && !need.isMet(); ) {
        Map.Entry<BlockKey, CachedBlock> next = all.next();
        if (next.getValue().isStaged() || chosen.containsKey(next.getKey())) {
          continue;
        }
        if (first == null) {
          first = next;
          continue;
        }
        boolean firstIsOlder =
            first.getValue().lastUsedSeconds() <= next.getValue().lastUsedSeconds();
        Map.Entry<BlockKey, CachedBlock> victim = firstIsOlder ? first : next;
        chosen.put(victim.getKey(), victim.getValue());
        need.subtract(victim.getValue());
        first = null;
      }
      if (first != null && !need.isMet()) {
        chosen.put(first.getKey(), first.getValue());
        need.subtract(first.getValue());
      }
    }
    return new ArrayList<>(chosen.keySet());
  }

  private record Aged(BlockKey key, CachedBlock block, int lastUsedSeconds) {}

  private List<BlockKey> oldest(Need need) {
    List<Aged> aged = new ArrayList<>(blocks.size());
    blocks.forEach(
        (key, block) -> {
          if (!block.isStaged()) {
            aged.add(new Aged(key, block, block.lastUsedSeconds()));
          }
        });
    aged.sort(
        Comparator.comparingInt(Aged::lastUsedSeconds)
            .thenComparing(a -> -a.key.sizeBytes())
            .thenComparing(a -> a.key.id()));
    List<BlockKey> chosen = new ArrayList<>();
    for (Aged candidate : aged) {
      if (need.isMet()) {
        break;
      }
      chosen.add(candidate.key);
      need.subtract(candidate.block);
    }
    return chosen;
  }
}
