package io.jfs.meta.txn;

import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Slice;
import io.jfs.meta.record.Cell;
import io.jfs.meta.record.Counter;
import io.jfs.meta.record.Log;
import io.jfs.meta.record.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The one implementation of {@link RecordTxn}, for every engine: remembers what was read, keeps
 * writes back, and lays the writes over the reads. It never talks to an engine but through {@link
 * Reads}, and it never commits; {@link Transactor} does.
 */
final class BufferedTxn implements RecordTxn {
  private final Reads reads;
  private final Map<Ref, Observed> observed = new LinkedHashMap<>();
  private final Map<Ref, Mutation> writes = new LinkedHashMap<>();

  BufferedTxn(Reads reads) {
    this.reads = reads;
  }

  /** What a commit has to send. */
  Commit commit() {
    Map<Ref, Observed> validated = new LinkedHashMap<>(observed);
    validated.keySet().removeIf(ref -> ref instanceof Ref.OfChunkIndexes);
    return new Commit(validated, new ArrayList<>(writes.values()));
  }

  boolean hasWrites() {
    return !writes.isEmpty();
  }

  /**
   * Whether the reads may be out of date or from different moments, so that only a commit can
   * confirm them.
   */
  boolean needsConfirmation() {
    return reads.usedMemory() || reads.fetchCount() > 1;
  }

  @Override
  public void prefetch(Ref... refs) {
    List<Ref> missing = new ArrayList<>(refs.length);
    for (Ref ref : refs) {
      boolean known =
          ref instanceof Ref.OfAttrBehind chain
              ? RefChains.answer(chain, observed::get, new LinkedHashMap<>())
              : observed.containsKey(ref);
      if (!known) {
        missing.add(ref);
      }
    }
    if (!missing.isEmpty()) {
      reads.fetch(missing).forEach(observed::putIfAbsent);
    }
  }

  private @Nullable Object observe(Ref ref) {
    Observed seen = observed.get(ref);
    if (seen == null) {
      prefetch(ref);
      seen = Objects.requireNonNull(observed.get(ref), "engine did not answer");
    }
    return seen.value();
  }

  @Override
  @SuppressWarnings("unchecked")
  public <K, V> @Nullable V get(Cell<K, V> cell, K key) {
    Ref ref = new Ref.OfCell<>(cell, key);
    Mutation written = writes.get(ref);
    if (written == null) {
      return (V) observe(ref);
    }
    return written instanceof Mutation.Put<?, ?> put ? (V) put.value() : null;
  }

  @Override
  public <K, V> void put(Cell<K, V> cell, K key, V value) {
    writes.put(new Ref.OfCell<>(cell, key), new Mutation.Put<>(cell, key, value));
  }

  @Override
  public <K, V> void delete(Cell<K, V> cell, K key) {
    writes.put(new Ref.OfCell<>(cell, key), new Mutation.Delete<>(cell, key));
  }

  @Override
  @SuppressWarnings("unchecked")
  public <K, F, V> @Nullable V get(Table<K, F, V> table, K key, F field) {
    Ref ref = new Ref.OfField<>(table, key, field);
    Mutation written = writes.get(ref);
    if (written instanceof Mutation.PutField<?, ?, ?> put) {
      return (V) put.value();
    }
    if (written != null || isCleared(table, key)) {
      return null;
    }
    return (V) observe(ref);
  }

  @Override
  public <K, F, V> void put(Table<K, F, V> table, K key, F field, V value) {
    Ref place = new Ref.OfField<>(table, key, field);
    writes.remove(place); // so that it stands behind a Clear of the same table
    writes.put(place, new Mutation.PutField<>(table, key, field, value));
  }

  @Override
  public <K, F, V> void remove(Table<K, F, V> table, K key, F field) {
    writes.put(new Ref.OfField<>(table, key, field), new Mutation.RemoveField<>(table, key, field));
  }

  private <K, F, V> boolean isCleared(Table<K, F, V> table, K key) {
    return writes.containsKey(new Ref.OfRows<>(table, key));
  }

  private <K, F, V> List<Mutation> fieldWrites(Table<K, F, V> table, K key) {
    List<Mutation> found = new ArrayList<>();
    writes.forEach(
        (place, mutation) -> {
          if (place instanceof Ref.OfField<?, ?, ?> f
              && f.table() == table
              && f.key().equals(key)) {
            found.add(mutation);
          }
        });
    return found;
  }

  @Override
  public <K, F, V> boolean isEmpty(Table<K, F, V> table, K key) {
    List<Mutation> written = fieldWrites(table, key);
    if (written.isEmpty() && !isCleared(table, key)) {
      return Boolean.TRUE.equals(observe(new Ref.OfEmptiness<>(table, key)));
    }
    return rows(table, key).isEmpty();
  }

  @Override
  @SuppressWarnings("unchecked")
  public <K, F, V> Map<F, V> rows(Table<K, F, V> table, K key) {
    Map<F, V> rows = new LinkedHashMap<>();
    if (!isCleared(table, key)) {
      rows.putAll((Map<F, V>) Objects.requireNonNull(observe(new Ref.OfRows<>(table, key))));
    }
    for (Mutation mutation : fieldWrites(table, key)) {
      if (mutation instanceof Mutation.PutField<?, ?, ?> put) {
        rows.put((F) put.field(), (V) put.value());
      } else if (mutation instanceof Mutation.RemoveField<?, ?, ?> removed) {
        rows.remove((F) removed.field());
      }
    }
    return rows;
  }

  @Override
  public <K, F, V> void clear(Table<K, F, V> table, K key) {
    writes
        .keySet()
        .removeIf(
            place ->
                place instanceof Ref.OfField<?, ?, ?> f
                    && f.table() == table
                    && f.key().equals(key));
    writes.put(new Ref.OfRows<>(table, key), new Mutation.Clear<>(table, key));
  }

  @Override
  @SuppressWarnings("unchecked")
  public <K, E> List<E> read(Log<K, E> log, K key) {
    Ref ref = new Ref.OfLog<>(log, key);
    Mutation written = writes.get(ref);
    if (written instanceof Mutation.DeleteLog<?, ?>) {
      return List.of();
    }
    if (written instanceof Mutation.SetLog<?, ?> set) {
      return (List<E>) set.entries();
    }
    List<E> entries = new ArrayList<>((List<E>) Objects.requireNonNull(observe(ref)));
    if (written instanceof Mutation.Append<?, ?> append) {
      entries.addAll((List<E>) append.entries());
    } else if (written instanceof Mutation.ReplaceHead<?, ?> head) {
      entries.subList(0, head.count()).clear();
      entries.addAll(0, (List<E>) head.entries());
    }
    return entries;
  }

  @Override
  @SuppressWarnings("unchecked")
  public <K, E> void append(Log<K, E> log, K key, List<E> entries) {
    Ref ref = new Ref.OfLog<>(log, key);
    List<E> all = new ArrayList<>();
    Mutation written = writes.get(ref);
    if (written instanceof Mutation.Append<?, ?> append) {
      all.addAll((List<E>) append.entries());
    } else if (written != null) {
      throw new IllegalStateException("append to a log that this transaction replaces: " + ref);
    }
    all.addAll(entries);
    writes.put(ref, new Mutation.Append<>(log, key, List.copyOf(all)));
  }

  @Override
  public <K, E> void replaceHead(Log<K, E> log, K key, int count, List<E> entries) {
    Ref ref = new Ref.OfLog<>(log, key);
    if (writes.containsKey(ref) || !observed.containsKey(ref)) {
      throw new IllegalStateException(
          "replaceHead needs a log that was read and not written: " + ref);
    }
    writes.put(ref, new Mutation.ReplaceHead<>(log, key, count, List.copyOf(entries)));
  }

  @Override
  public <K, E> void set(Log<K, E> log, K key, List<E> entries) {
    writes.put(new Ref.OfLog<>(log, key), new Mutation.SetLog<>(log, key, List.copyOf(entries)));
  }

  @Override
  public <K, E> void delete(Log<K, E> log, K key) {
    writes.put(new Ref.OfLog<>(log, key), new Mutation.DeleteLog<>(log, key));
  }

  @Override
  @SuppressWarnings("unchecked")
  public List<Integer> chunkIndexes(Log<ChunkKey, Slice> log, Ino ino, int from, int to) {
    return from >= to
        ? List.of()
        : (List<Integer>)
            Objects.requireNonNull(observe(new Ref.OfChunkIndexes(log, ino, from, to)));
  }

  @Override
  public <K> long @Nullable [] get(Counter<K> counter, K key) {
    Ref ref = new Ref.OfCounter<>(counter, key);
    Mutation written = writes.get(ref);
    if (written instanceof Mutation.SetCounter<?> set) {
      return set.values().clone();
    }
    if (written instanceof Mutation.DeleteCounter<?>) {
      return null;
    }
    long[] stored = (long[]) observe(ref);
    if (written instanceof Mutation.Add<?> add) {
      return sum(stored == null ? new long[counter.width()] : stored, add.deltas());
    }
    if (written instanceof Mutation.AddIfPresent<?> add && stored != null) {
      return sum(stored, add.deltas());
    }
    return stored == null ? null : stored.clone();
  }

  private static long[] sum(long[] a, long[] b) {
    long[] sum = a.clone();
    Arrays.setAll(sum, i -> a[i] + b[i]);
    return sum;
  }

  @Override
  public <K> void add(Counter<K> counter, K key, long... deltas) {
    Ref ref = new Ref.OfCounter<>(counter, key);
    Mutation written = writes.get(ref);
    if (written == null) {
      writes.put(ref, new Mutation.Add<>(counter, key, deltas.clone()));
    } else if (written instanceof Mutation.Add<?> add) {
      writes.put(ref, new Mutation.Add<>(counter, key, sum(add.deltas(), deltas)));
    } else if (written instanceof Mutation.SetCounter<?> set) {
      writes.put(ref, new Mutation.SetCounter<>(counter, key, sum(set.values(), deltas)));
    } else {
      throw new IllegalStateException("add to a counter that this transaction deletes: " + ref);
    }
  }

  @Override
  public <K> void addIfPresent(Counter<K> counter, K key, long... deltas) {
    Ref ref = new Ref.OfCounter<>(counter, key);
    Mutation written = writes.get(ref);
    if (written == null) {
      writes.put(ref, new Mutation.AddIfPresent<>(counter, key, deltas.clone()));
    } else if (written instanceof Mutation.AddIfPresent<?> add) {
      writes.put(ref, new Mutation.AddIfPresent<>(counter, key, sum(add.deltas(), deltas)));
    } else if (!(written instanceof Mutation.DeleteCounter<?>)) {
      add(counter, key, deltas);
    }
  }

  @Override
  public <K> void set(Counter<K> counter, K key, long... values) {
    writes.put(
        new Ref.OfCounter<>(counter, key), new Mutation.SetCounter<>(counter, key, values.clone()));
  }

  @Override
  public <K> void delete(Counter<K> counter, K key) {
    writes.put(new Ref.OfCounter<>(counter, key), new Mutation.DeleteCounter<>(counter, key));
  }
}
