package io.jfs.meta.engine.kv;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Table;
import io.jfs.meta.txn.Mutation;
import io.jfs.meta.txn.Observed;
import io.jfs.meta.txn.Page;
import io.jfs.meta.txn.Ref;
import io.jfs.meta.txn.Row;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which inode was last seen behind a name, so that a fetch of an entry and the attributes behind it
 * can ask for both in one request. A wrong guess costs the second request that it would have saved,
 * nothing else. Bounded; thread safe.
 */
final class ChainHints {
  private static final int CAPACITY = 1 << 16;

  private record Place(Ino parent, Name name) {}

  private final boolean enabled;

  @GuardedBy("this")
  private final Map<Place, Ino> inodes =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, Ino> eldest) {
          return size() > CAPACITY;
        }
      };

  /** Hints are kept only where a request is a round trip. */
  ChainHints(boolean enabled) {
    this.enabled = enabled;
  }

  /** The attributes that are probably behind a name. */
  Optional<Ref> guess(Ref.OfAttrBehind chain) {
    if (!enabled) {
      return Optional.empty();
    }
    synchronized (this) {
      return Optional.ofNullable(inodes.get(new Place(chain.parent(), chain.name())))
          .map(ino -> new Ref.OfCell<>(Records.ATTR, ino));
    }
  }

  void learn(Map<Ref, Observed> answer) {
    if (enabled) {
      answer.forEach(
          (ref, observed) -> {
            if (ref instanceof Ref.OfField<?, ?, ?> field) {
              learn(field.table(), field.key(), field.field(), observed.value());
            }
          });
    }
  }

  void learn(Mutation.PutField<?, ?, ?> put) {
    learn(put.table(), put.key(), put.field(), put.value());
  }

  <K, F, V> void learn(Table<K, F, V> table, K key, Page<Row<F, V>> page) {
    if (enabled && table == Records.DENTRY) {
      page.rows().forEach(row -> learn(table, key, row.key(), row.value()));
    }
  }

  private void learn(Table<?, ?, ?> table, Object key, Object field, @Nullable Object value) {
    if (enabled
        && table == Records.DENTRY
        && key instanceof Ino parent
        && field instanceof Name name
        && value instanceof Dentry dentry) {
      synchronized (this) {
        inodes.put(new Place(parent, name), dentry.ino());
      }
    }
  }
}
