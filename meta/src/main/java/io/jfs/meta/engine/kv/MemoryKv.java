package io.jfs.meta.engine.kv;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A store on the heap, for tests. Closing it loses nothing: it lives as long as somebody refers to
 * it.
 */
public final class MemoryKv implements OrderedKv {
  private final String description;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();

  @GuardedBy("lock")
  private final NavigableMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);

  /** An empty store. */
  public MemoryKv(String description) {
    this.description = description;
  }

  @Override
  public String describe() {
    return description;
  }

  @Override
  public boolean remembersReads() {
    return false;
  }

  @Override
  public <R> R read(Function<Snapshot, R> body) {
    lock.readLock().lock();
    try {
      View view = new View(entries);
      return body.apply(queries -> queries.stream().map(q -> new KvRows(view.rows(q), 0)).toList());
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public KvOutcome commit(List<KvCheck> checks, List<KvWrite> writes) {
    lock.writeLock().lock();
    try {
      View view = new View(entries);
      if (!view.holds(checks)) {
        return KvOutcome.CONFLICT;
      }
      List<@Nullable KvPair> staged = view.stage(writes);
      for (int i = 0; i < writes.size(); i++) {
        view.apply(writes.get(i), staged.get(i));
      }
      return KvOutcome.committed(staged);
    } finally {
      lock.writeLock().unlock();
    }
  }

  @Override
  public void sync() {}

  @Override
  public void clear() {
    lock.writeLock().lock();
    try {
      entries.clear();
    } finally {
      lock.writeLock().unlock();
    }
  }

  @Override
  public void close() {}

  /** The entries, for as long as the lock is held. */
  private record View(NavigableMap<byte[], byte[]> entries) implements LocalKv {
    @Override
    public byte @Nullable [] get(byte[] key) {
      return entries.get(key);
    }

    @Override
    public List<KvPair> rows(KvQuery query) {
      byte[] end = query.end();
      if (end == null) {
        byte[] value = get(query.start());
        return value == null ? List.of() : List.of(new KvPair(query.start(), value, 0));
      }
      List<KvPair> rows = new ArrayList<>();
      for (Map.Entry<byte[], byte[]> entry : between(query.start(), end).entrySet()) {
        if (query.limit() > 0 && rows.size() == query.limit()) {
          break;
        }
        rows.add(new KvPair(entry.getKey(), entry.getValue(), 0));
      }
      return rows;
    }

    private SortedMap<byte[], byte[]> between(byte[] start, byte[] end) {
      return Arrays.compareUnsigned(start, end) >= 0
          ? new TreeMap<>(entries.comparator())
          : entries.subMap(start, end);
    }

    void apply(KvWrite write, @Nullable KvPair result) {
      if (write instanceof KvWrite.DeletePrefix range) {
        between(range.prefix(), KeyBytes.after(range.prefix())).clear();
      } else if (write instanceof KvWrite.Delete delete) {
        entries.remove(delete.key());
      } else if (result != null) {
        entries.put(result.key(), result.value());
      } else if (write instanceof KvWrite.Edit edit) {
        entries.remove(edit.key());
      }
    }
  }
}
