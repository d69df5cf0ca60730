package io.jfs.meta.engine.kv;

import io.jfs.meta.record.codec.Shapes;
import io.jfs.meta.txn.Mutation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns the mutations of a commit into writes, at most one per key: where several records share a
 * key, their changes are put one behind the other.
 */
final class KvMutations {
  private final List<KvWrite> writes = new ArrayList<>();
  private final Map<ByteBuffer, Integer> places = new HashMap<>();

  /** The writes so far, in an order in which they may be applied. */
  List<KvWrite> writes() {
    return writes;
  }

  /** Adds a mutation; returns the index of the write that carries it. */
  int add(Mutation mutation) {
    KvWrite write = write(mutation);
    byte[] key = keyOf(write);
    if (key == null) {
      writes.add(write);
      return writes.size() - 1;
    }
    Integer place = places.putIfAbsent(ByteBuffer.wrap(key), writes.size());
    if (place == null) {
      writes.add(write);
      return writes.size() - 1;
    }
    writes.set(place, behind(writes.get(place), write));
    return place;
  }

  private static byte @Nullable [] keyOf(KvWrite write) {
    if (write instanceof KvWrite.Put put) {
      return put.key();
    }
    if (write instanceof KvWrite.Delete delete) {
      return delete.key();
    }
    return write instanceof KvWrite.Edit edit ? edit.key() : null;
  }

  private static KvWrite behind(KvWrite first, KvWrite second) {
    if (!(second instanceof KvWrite.Edit edit)) {
      return second;
    }
    if (first instanceof KvWrite.Edit before) {
      return new KvWrite.Edit(
          edit.key(), stored -> edit.change().apply(before.change().apply(stored)));
    }
    byte[] known = first instanceof KvWrite.Put put ? put.value() : null;
    byte[] changed = edit.change().apply(known);
    return changed == null ? new KvWrite.Delete(edit.key()) : new KvWrite.Put(edit.key(), changed);
  }

  private static KvWrite write(Mutation mutation) {
    if (mutation instanceof Mutation.Put<?, ?> m) {
      return put(m);
    }
    if (mutation instanceof Mutation.Delete<?, ?> m) {
      return delete(m);
    }
    if (mutation instanceof Mutation.PutField<?, ?, ?> m) {
      return putField(m);
    }
    if (mutation instanceof Mutation.RemoveField<?, ?, ?> m) {
      return removeField(m);
    }
    if (mutation instanceof Mutation.Clear<?, ?, ?> m) {
      return clear(m);
    }
    if (mutation instanceof Mutation.Append<?, ?> m) {
      return append(m);
    }
    if (mutation instanceof Mutation.ReplaceHead<?, ?> m) {
      return replaceHead(m);
    }
    if (mutation instanceof Mutation.SetLog<?, ?> m) {
      return setLog(m);
    }
    if (mutation instanceof Mutation.DeleteLog<?, ?> m) {
      return deleteLog(m);
    }
    if (mutation instanceof Mutation.Add<?> m) {
      return add(m);
    }
    if (mutation instanceof Mutation.AddIfPresent<?> m) {
      return addIfPresent(m);
    }
    if (mutation instanceof Mutation.SetCounter<?> m) {
      return set(m);
    }
    if (mutation instanceof Mutation.DeleteCounter<?> m) {
      return deleteCounter(m);
    }
    throw new AssertionError(mutation);
  }

  private static <K, V> KvWrite put(Mutation.Put<K, V> m) {
    CellLayout<K, V> layout = KvLayout.of(m.cell());
    byte[] key = layout.toKey().apply(m.key());
    byte[] bytes = layout.codec().encode(m.value());
    return layout.part().isWhole()
        ? new KvWrite.Put(key, bytes)
        : new KvWrite.Edit(key, stored -> layout.part().paste(stored, bytes, m.cell()));
  }

  private static <K, V> KvWrite delete(Mutation.Delete<K, V> m) {
    return new KvWrite.Delete(KvLayout.of(m.cell()).toKey().apply(m.key()));
  }

  private static <K, F, V> KvWrite putField(Mutation.PutField<K, F, V> m) {
    TableLayout<K, F, V> layout = KvLayout.of(m.table());
    if (layout instanceof TableLayout.Spread<K, F, V> spread) {
      return new KvWrite.Put(
          spread.toKey().apply(m.key(), m.field()), spread.codec().encode(m.value()));
    }
    return editPacked(
        (TableLayout.Packed<K, F, V>) layout, m.key(), fields -> fields.put(m.field(), m.value()));
  }

  private static <K, F, V> KvWrite removeField(Mutation.RemoveField<K, F, V> m) {
    TableLayout<K, F, V> layout = KvLayout.of(m.table());
    if (layout instanceof TableLayout.Spread<K, F, V> spread) {
      return new KvWrite.Delete(spread.toKey().apply(m.key(), m.field()));
    }
    return editPacked(
        (TableLayout.Packed<K, F, V>) layout, m.key(), fields -> fields.remove(m.field()));
  }

  private interface FieldsChange<F, V> {
    @Nullable Object apply(Map<F, V> fields);
  }

  private static <K, F, V> KvWrite editPacked(
      TableLayout.Packed<K, F, V> layout, K key, FieldsChange<F, V> change) {
    return new KvWrite.Edit(
        layout.toKey().apply(key),
        stored -> {
          Map<F, V> fields =
              stored == null
                  ? new LinkedHashMap<>()
                  : new LinkedHashMap<>(layout.codec().decode(stored, key));
          change.apply(fields);
          return fields.isEmpty() ? null : layout.codec().encode(fields);
        });
  }

  private static <K, F, V> KvWrite clear(Mutation.Clear<K, F, V> m) {
    TableLayout<K, F, V> layout = KvLayout.of(m.table());
    return layout instanceof TableLayout.Spread<K, F, V> spread
        ? new KvWrite.DeletePrefix(spread.toPrefix().apply(m.key()))
        : new KvWrite.Delete(((TableLayout.Packed<K, F, V>) layout).toKey().apply(m.key()));
  }

  private static <K, E> KvWrite append(Mutation.Append<K, E> m) {
    LogLayout<K, E> layout = KvLayout.of(m.log());
    byte[] tail = layout.codec().encode(m.entries());
    return new KvWrite.Edit(
        layout.toKey().apply(m.key()), stored -> concatenate(stored, 0, tail, Side.BEHIND));
  }

  private static <K, E> KvWrite replaceHead(Mutation.ReplaceHead<K, E> m) {
    LogLayout<K, E> layout = KvLayout.of(m.log());
    byte[] head = layout.codec().encode(m.entries());
    int cut = m.count() * layout.entryBytes();
    return new KvWrite.Edit(
        layout.toKey().apply(m.key()),
        stored -> {
          if (cut > 0 && (stored == null || stored.length < cut)) {
            throw Shapes.corrupt(
                m.key(), stored == null ? new byte[0] : stored, "at least " + cut + " bytes");
          }
          return concatenate(stored, cut, head, Side.BEFORE);
        });
  }

  private enum Side {
    BEFORE,
    BEHIND
  }

  private static byte @Nullable [] concatenate(
      byte @Nullable [] stored, int cut, byte[] added, Side side) {
    int kept = stored == null ? 0 : stored.length - cut;
    if (kept + added.length == 0) {
      return null;
    }
    byte[] all = Arrays.copyOf(added, kept + added.length);
    if (stored != null && side == Side.BEFORE) {
      System.arraycopy(stored, cut, all, added.length, kept);
    } else if (stored != null) {
      System.arraycopy(stored, cut, all, 0, kept);
      System.arraycopy(added, 0, all, kept, added.length);
    }
    return all;
  }

  private static <K, E> KvWrite setLog(Mutation.SetLog<K, E> m) {
    LogLayout<K, E> layout = KvLayout.of(m.log());
    byte[] key = layout.toKey().apply(m.key());
    return m.entries().isEmpty()
        ? new KvWrite.Delete(key)
        : new KvWrite.Put(key, layout.codec().encode(m.entries()));
  }

  private static <K, E> KvWrite deleteLog(Mutation.DeleteLog<K, E> m) {
    return new KvWrite.Delete(KvLayout.of(m.log()).toKey().apply(m.key()));
  }

  private static <K> KvWrite add(Mutation.Add<K> m) {
    CounterLayout<K> layout = KvLayout.of(m.counter());
    return new KvWrite.Edit(
        layout.toKey().apply(m.key()), stored -> layout.add(stored, m.deltas(), m.counter()));
  }

  private static <K> KvWrite addIfPresent(Mutation.AddIfPresent<K> m) {
    CounterLayout<K> layout = KvLayout.of(m.counter());
    return new KvWrite.Edit(
        layout.toKey().apply(m.key()),
        stored -> stored == null ? null : layout.add(stored, m.deltas(), m.counter()));
  }

  private static <K> KvWrite set(Mutation.SetCounter<K> m) {
    CounterLayout<K> layout = KvLayout.of(m.counter());
    byte[] key = layout.toKey().apply(m.key());
    byte[] bytes = layout.encode(m.values());
    return layout.part().isWhole()
        ? new KvWrite.Put(key, bytes)
        : new KvWrite.Edit(key, stored -> layout.part().paste(stored, bytes, m.counter()));
  }

  private static <K> KvWrite deleteCounter(Mutation.DeleteCounter<K> m) {
    return new KvWrite.Delete(KvLayout.of(m.counter()).toKey().apply(m.key()));
  }
}
