package io.jfs.meta.engine.kv.tikv;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.meta.engine.kv.KvQuery;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What was read a moment ago, at timestamps at which no transaction has begun yet. A commit that
 * needs it begins at one of them, without asking for the time and reading again: its stores refuse
 * it if anything that it needs has changed since, as if it had begun then and been slow. What was
 * read later than that timestamp does as well: it was so already then, or the commit is refused.
 * Thread safe.
 */
final class Moments {
  private static final int MOST = 32;
  private static final int MOST_ROWS = 64;
  private static final int MOST_CHANGES = 4096;
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(1);

  @GuardedBy("this")
  private final Deque<ReadSet> newestFirst = new ArrayDeque<>();

  /** When this client itself has last changed a key, or later. */
  @GuardedBy("this")
  private final Map<ByteBuffer, Long> changes =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Long> eldest) {
          return size() > MOST_CHANGES;
        }
      };

  /** Takes over what was read, unless it is too much to be kept. */
  synchronized void offer(ReadSet set) {
    if (set.rowCount() <= MOST_ROWS) {
      newestFirst.addFirst(set);
      if (newestFirst.size() > MOST) {
        newestFirst.removeLast();
      }
    }
  }

  /**
   * A beginning for a commit, for this caller alone: every single key that it needs is in it, what
   * else it needs may be. Null if there is none.
   */
  synchronized @Nullable ReadSet take(List<KvQuery> needed, long nowNanos) {
    newestFirst.removeIf(set -> nowNanos - set.startNanos() > LONGEST_NANOS);
    Set<KvQuery> missing = new HashSet<>();
    long changedTs = 0;
    for (KvQuery query : needed) {
      if (query.isPoint()) {
        missing.add(query);
        changedTs = Math.max(changedTs, changes.getOrDefault(ByteBuffer.wrap(query.start()), 0L));
      }
    }
    if (missing.isEmpty()) {
      return null;
    }
    Map<KvQuery, ReadSet> sources = new HashMap<>();
    for (ReadSet set : newestFirst) {
      if (set.ts() < changedTs) {
        return null;
      }
      for (KvQuery query : needed) {
        if (!sources.containsKey(query) && set.has(query)) {
          sources.put(query, set);
          missing.remove(query);
        }
      }
      if (missing.isEmpty()) {
        ReadSet oldest = Collections.min(sources.values(), Comparator.comparingLong(ReadSet::ts));
        newestFirst.remove(oldest);
        return oldest.beginningWith(sources);
      }
    }
    return null;
  }

  /**
   * This client has changed some keys, at {@code ts} or before.
   *
   * @param keys as the volume knows them
   */
  synchronized void changed(Collection<byte[]> keys, long ts) {
    keys.forEach(key -> changes.put(ByteBuffer.wrap(key), ts));
  }
}
