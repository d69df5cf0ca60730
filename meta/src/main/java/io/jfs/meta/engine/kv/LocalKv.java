package io.jfs.meta.engine.kv;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A store inside this process, as its single writer sees it, and how a commit is checked and
 * prepared there by comparing values.
 */
public interface LocalKv {
  /** A store with nothing in it. */
  LocalKv EMPTY =
      new LocalKv() {
        @Override
        public byte @Nullable [] get(byte[] key) {
          return null;
        }

        @Override
        public List<KvPair> rows(KvQuery query) {
          return List.of();
        }
      };

  /** A key's value; null if absent. */
  byte @Nullable [] get(byte[] key);

  /** The rows that a query names. */
  List<KvPair> rows(KvQuery query);

  /** Whether everything holds. */
  default boolean holds(List<KvCheck> checks) {
    for (KvCheck check : checks) {
      if (!holds(check)) {
        return false;
      }
    }
    return true;
  }

  private boolean holds(KvCheck check) {
    if (check instanceof KvCheck.SameValue same) {
      return KvPair.sameValue(same.seen(), get(same.key()));
    }
    if (check instanceof KvCheck.SamePart part) {
      return isSamePart(part, get(part.key()));
    }
    if (check instanceof KvCheck.SameRows same) {
      return isSameRows(same.seen().rows(), rows(same.query()));
    }
    return rows(check.query()).isEmpty() == (check instanceof KvCheck.Empty);
  }

  private static boolean isSamePart(KvCheck.SamePart check, byte @Nullable [] now) {
    KvPair seen = check.seen();
    if (seen == null || now == null) {
      return seen == null && now == null;
    }
    return now.length >= check.to()
        && Arrays.equals(seen.value(), check.from(), check.to(), now, check.from(), check.to());
  }

  private static boolean isSameRows(List<KvPair> seen, List<KvPair> now) {
    if (seen.size() != now.size()) {
      return false;
    }
    for (int i = 0; i < now.size(); i++) {
      KvPair row = now.get(i);
      if (!Arrays.equals(row.key(), seen.get(i).key())
          || !KvPair.sameValue(seen.get(i), row.value())) {
        return false;
      }
    }
    return true;
  }

  /**
   * What each write leaves under its key, before anything is written: after this nothing of the
   * commit can fail for the sake of stored values.
   */
  default List<@Nullable KvPair> stage(List<KvWrite> writes) {
    List<@Nullable KvPair> staged = new ArrayList<>(writes.size());
    for (KvWrite write : writes) {
      staged.add(stage(write));
    }
    return staged;
  }

  private @Nullable KvPair stage(KvWrite write) {
    if (write instanceof KvWrite.Put put) {
      return new KvPair(put.key(), put.value(), 0);
    }
    if (write instanceof KvWrite.Edit edit) {
      byte[] value = edit.change().apply(get(edit.key()));
      return value == null ? null : new KvPair(edit.key(), value, 0);
    }
    return null;
  }
}
