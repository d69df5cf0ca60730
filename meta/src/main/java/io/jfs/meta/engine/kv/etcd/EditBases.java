package io.jfs.meta.engine.kv.etcd;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.meta.engine.kv.KvPair;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What keys that are edited without being read held when they were last seen here: what the next
 * edit starts from. A stale base costs a second request, never a wrong result. Bounded; thread
 * safe.
 */
final class EditBases {
  private static final int CAPACITY = 8192;

  @GuardedBy("this")
  private final Map<Key, KvPair> pairs =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, KvPair> eldest) {
          return size() > CAPACITY;
        }
      };

  /** The base of an edit; null: take it to be absent. */
  synchronized @Nullable KvPair get(byte[] key) {
    return pairs.get(new Key(key));
  }

  synchronized void learn(byte[] key, @Nullable KvPair pair) {
    if (pair == null) {
      pairs.remove(new Key(key));
    } else {
      pairs.put(new Key(key), pair);
    }
  }

  synchronized void clear() {
    pairs.clear();
  }
}
