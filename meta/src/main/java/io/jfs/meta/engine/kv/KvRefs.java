package io.jfs.meta.engine.kv;

import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.txn.Observed;
import io.jfs.meta.txn.Ref;
import io.jfs.meta.txn.Row;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a ref means in an ordered store: what to read, what was observed, what to check. */
final class KvRefs {
  private KvRefs() {}

  /** What to read for a ref. Chains are taken apart before. */
  static KvQuery query(Ref ref) {
    if (ref instanceof Ref.OfCell<?, ?> cell) {
      return KvQuery.key(key(cell));
    }
    if (ref instanceof Ref.OfField<?, ?, ?> field) {
      return KvQuery.key(key(field));
    }
    if (ref instanceof Ref.OfRows<?, ?, ?> rows) {
      byte[] prefix = prefix(rows);
      return prefix == null ? KvQuery.key(key(rows)) : KvQuery.prefix(prefix);
    }
    if (ref instanceof Ref.OfEmptiness<?, ?, ?> emptiness) {
      Ref.OfRows<?, ?, ?> rows = rows(emptiness);
      byte[] prefix = prefix(rows);
      return prefix == null ? KvQuery.key(key(rows)) : KvQuery.witness(prefix);
    }
    if (ref instanceof Ref.OfLog<?, ?> log) {
      return KvQuery.key(key(log));
    }
    if (ref instanceof Ref.OfCounter<?> counter) {
      return KvQuery.key(key(counter));
    }
    if (ref instanceof Ref.OfChunkIndexes chunks) {
      return new KvQuery(
          KvLayout.chunkKey(new ChunkKey(chunks.ino(), chunks.from())),
          KvLayout.chunkKey(new ChunkKey(chunks.ino(), chunks.to())),
          0,
          KvQuery.Wants.KEYS);
    }
    throw new IllegalArgumentException("not a single read: " + ref);
  }

  /** What the rows that {@link #query} brought mean. */
  static Observed observe(Ref ref, KvRows answer) {
    if (ref instanceof Ref.OfCell<?, ?> cell) {
      return cell(cell, answer.single());
    }
    if (ref instanceof Ref.OfField<?, ?, ?> field) {
      return field(field, answer.single());
    }
    if (ref instanceof Ref.OfRows<?, ?, ?> rows) {
      return rows(rows, answer);
    }
    if (ref instanceof Ref.OfEmptiness<?, ?, ?>) {
      return new Observed(answer.rows().isEmpty(), answer.single());
    }
    if (ref instanceof Ref.OfLog<?, ?> log) {
      KvPair pair = answer.single();
      return pair == null
          ? new Observed(List.of(), null)
          : new Observed(KvLayout.of(log.log()).codec().decode(pair.value(), log), pair);
    }
    if (ref instanceof Ref.OfCounter<?> counter) {
      KvPair pair = answer.single();
      return pair == null
          ? new Observed(null, null)
          : new Observed(KvLayout.of(counter.counter()).decode(pair.value(), counter), pair);
    }
    return new Observed(
        answer.rows().stream()
            .map(row -> Objects.requireNonNull(KvLayout.chunkOf(row.key())).index())
            .toList(),
        null);
  }

  private static Observed cell(Ref.OfCell<?, ?> ref, @Nullable KvPair pair) {
    return pair == null
        ? new Observed(null, null)
        : new Observed(KvLayout.of(ref.cell()).decode(pair.value(), ref), pair);
  }

  private static Observed field(Ref.OfField<?, ?, ?> ref, @Nullable KvPair pair) {
    if (pair == null) {
      return new Observed(null, null);
    }
    TableLayout<?, ?, ?> layout = KvLayout.of(ref.table());
    if (layout instanceof TableLayout.Spread<?, ?, ?> spread) {
      return new Observed(spread.codec().decode(pair.value(), ref), pair);
    }
    Map<?, ?> fields = ((TableLayout.Packed<?, ?, ?>) layout).codec().decode(pair.value(), ref);
    return new Observed(fields.get(ref.field()), pair);
  }

  private static Observed rows(Ref.OfRows<?, ?, ?> ref, KvRows answer) {
    TableLayout<?, ?, ?> layout = KvLayout.of(ref.table());
    if (layout instanceof TableLayout.Spread<?, ?, ?> spread) {
      Map<Object, Object> fields = new LinkedHashMap<>();
      for (KvPair pair : answer.rows()) {
        Row<?, ?> place = spread.fromKey().apply(pair.key());
        if (place != null) {
          fields.put(place.value(), spread.codec().decode(pair.value(), ref));
        }
      }
      return new Observed(fields, answer);
    }
    KvPair pair = answer.single();
    return pair == null
        ? new Observed(Map.of(), null)
        : new Observed(
            ((TableLayout.Packed<?, ?, ?>) layout).codec().decode(pair.value(), ref), pair);
  }

  /** What must still hold for an observation; null if nothing can break it. */
  static @Nullable KvCheck check(Ref ref, Observed observed) {
    if (ref instanceof Ref.OfCell<?, ?> cell) {
      return part(key(cell), observed, KvLayout.of(cell.cell()).part());
    }
    if (ref instanceof Ref.OfField<?, ?, ?> field) {
      return new KvCheck.SameValue(key(field), (KvPair) observed.version());
    }
    if (ref instanceof Ref.OfRows<?, ?, ?> rows) {
      byte[] prefix = prefix(rows);
      return prefix == null
          ? new KvCheck.SameValue(key(rows), (KvPair) observed.version())
          : new KvCheck.SameRows(
              prefix, (KvRows) Objects.requireNonNull(observed.version(), "no version"));
    }
    if (ref instanceof Ref.OfEmptiness<?, ?, ?> emptiness) {
      return emptiness(rows(emptiness), (KvPair) observed.version());
    }
    if (ref instanceof Ref.OfLog<?, ?> log) {
      KvPair seen = (KvPair) observed.version();
      return seen == null ? null : new KvCheck.SamePart(key(log), seen, 0, seen.value().length);
    }
    if (ref instanceof Ref.OfCounter<?> counter) {
      return part(key(counter), observed, KvLayout.of(counter.counter()).part());
    }
    return null;
  }

  private static KvCheck part(byte[] key, Observed observed, Part part) {
    KvPair seen = (KvPair) observed.version();
    return part.isWhole()
        ? new KvCheck.SameValue(key, seen)
        : new KvCheck.SamePart(key, seen, part.from(), part.from() + part.length());
  }

  private static KvCheck emptiness(Ref.OfRows<?, ?, ?> rows, @Nullable KvPair witness) {
    byte[] prefix = prefix(rows);
    if (prefix == null) {
      prefix = key(rows); // a packed table's key is nobody else's prefix
    }
    return witness == null
        ? new KvCheck.Empty(prefix)
        : new KvCheck.NotEmpty(prefix, witness.key());
  }

  private static <K, F, V> Ref.OfRows<K, F, V> rows(Ref.OfEmptiness<K, F, V> emptiness) {
    return new Ref.OfRows<>(emptiness.table(), emptiness.key());
  }

  private static <K, V> byte[] key(Ref.OfCell<K, V> ref) {
    return KvLayout.of(ref.cell()).toKey().apply(ref.key());
  }

  private static <K, F, V> byte[] key(Ref.OfField<K, F, V> ref) {
    TableLayout<K, F, V> layout = KvLayout.of(ref.table());
    return layout instanceof TableLayout.Spread<K, F, V> spread
        ? spread.toKey().apply(ref.key(), ref.field())
        : ((TableLayout.Packed<K, F, V>) layout).toKey().apply(ref.key());
  }

  private static <K, F, V> byte[] key(Ref.OfRows<K, F, V> ref) {
    return ((TableLayout.Packed<K, F, V>) KvLayout.of(ref.table())).toKey().apply(ref.key());
  }

  /** The common beginning of a spread table's keys; null for a packed one. */
  private static <K, F, V> byte @Nullable [] prefix(Ref.OfRows<K, F, V> ref) {
    return KvLayout.of(ref.table()) instanceof TableLayout.Spread<K, F, V> spread
        ? spread.toPrefix().apply(ref.key())
        : null;
  }

  private static <K, E> byte[] key(Ref.OfLog<K, E> ref) {
    return KvLayout.of(ref.log()).toKey().apply(ref.key());
  }

  private static <K> byte[] key(Ref.OfCounter<K> ref) {
    return KvLayout.of(ref.counter()).toKey().apply(ref.key());
  }
}
