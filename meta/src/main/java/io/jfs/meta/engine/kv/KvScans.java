package io.jfs.meta.engine.kv;

import io.jfs.meta.record.Cell;
import io.jfs.meta.record.Counter;
import io.jfs.meta.record.Log;
import io.jfs.meta.record.Table;
import io.jfs.meta.txn.Page;
import io.jfs.meta.txn.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Listings, page by page, each page from one moment. A page's continuation is a key. */
final class KvScans {
  private static final int LEAST_READ = 128;
  private static final int MOST_READ = 4096;

  private final OrderedKv kv;

  KvScans(OrderedKv kv) {
    this.kv = kv;
  }

  <K, F, V> Page<Row<F, V>> list(Table<K, F, V> table, K key, @Nullable Object from, int limit) {
    TableLayout<K, F, V> layout = KvLayout.of(table);
    if (layout instanceof TableLayout.Spread<K, F, V> spread) {
      byte[] prefix = spread.toPrefix().apply(key);
      return page(
          prefix,
          KvQuery.Wants.KEYS_AND_VALUES,
          from,
          limit,
          limit,
          (pair, rows) -> {
            Row<K, F> place = spread.fromKey().apply(pair.key());
            if (place != null) {
              rows.add(new Row<>(place.value(), spread.codec().decode(pair.value(), place)));
            }
          });
    }
    return packed((TableLayout.Packed<K, F, V>) layout, key);
  }

  private <K, F, V> Page<Row<F, V>> packed(TableLayout.Packed<K, F, V> layout, K key) {
    KvQuery query = KvQuery.key(layout.toKey().apply(key));
    KvPair pair = kv.read(snapshot -> snapshot.read(List.of(query)).get(0).single());
    List<Row<F, V>> rows = new ArrayList<>();
    if (pair != null) {
      layout.codec().decode(pair.value(), key).forEach((f, v) -> rows.add(new Row<>(f, v)));
    }
    return new Page<>(rows, null);
  }

  <K, V> Page<Row<K, V>> cells(Cell<K, V> cell, @Nullable Object from, int limit) {
    CellLayout<K, V> layout = KvLayout.of(cell);
    return rows(
        layout.prefix(),
        layout.fromKey(),
        from,
        limit,
        (key, value) -> layout.decode(value, place(cell, key)));
  }

  <K, V> Page<K> cellKeys(Cell<K, V> cell, @Nullable Object from, int limit) {
    CellLayout<K, V> layout = KvLayout.of(cell);
    return page(
        layout.prefix(),
        KvQuery.Wants.KEYS,
        from,
        limit,
        LEAST_READ,
        (pair, rows) -> {
          K key = layout.fromKey().apply(pair.key());
          if (key != null) {
            rows.add(key);
          }
        });
  }

  <K, F, V> Page<Row<K, Row<F, V>>> tables(Table<K, F, V> table, @Nullable Object from, int limit) {
    TableLayout<K, F, V> layout = KvLayout.of(table);
    return page(
        layout.prefix(),
        KvQuery.Wants.KEYS_AND_VALUES,
        from,
        limit,
        LEAST_READ,
        (pair, rows) -> {
          if (layout instanceof TableLayout.Spread<K, F, V> spread) {
            Row<K, F> place = spread.fromKey().apply(pair.key());
            if (place != null) {
              V value = spread.codec().decode(pair.value(), place(table, place));
              rows.add(new Row<>(place.key(), new Row<>(place.value(), value)));
            }
          } else if (layout instanceof TableLayout.Packed<K, F, V> packed) {
            K key = packed.fromKey().apply(pair.key());
            if (key != null) {
              Map<F, V> fields = packed.codec().decode(pair.value(), place(table, key));
              fields.forEach((f, v) -> rows.add(new Row<>(key, new Row<>(f, v))));
            }
          }
        });
  }

  <K, E> Page<Row<K, List<E>>> logs(Log<K, E> log, @Nullable Object from, int limit) {
    LogLayout<K, E> layout = KvLayout.of(log);
    return rows(
        layout.prefix(),
        layout.fromKey(),
        from,
        limit,
        (key, value) -> layout.codec().decode(value, place(log, key)));
  }

  <K> Page<Row<K, long[]>> counters(Counter<K> counter, @Nullable Object from, int limit) {
    CounterLayout<K> layout = KvLayout.of(counter);
    return rows(
        layout.prefix(),
        layout.fromKey(),
        from,
        limit,
        (key, value) -> layout.decode(value, place(counter, key)));
  }

  private static Object place(Object record, Object key) {
    return new Row<>(record, key);
  }

  /** Records that lie under a key each. */
  private <K, V> Page<Row<K, V>> rows(
      byte[] prefix,
      Function<byte[], @Nullable K> fromKey,
      @Nullable Object from,
      int limit,
      BiFunction<K, byte[], V> decode) {
    return page(
        prefix,
        KvQuery.Wants.KEYS_AND_VALUES,
        from,
        limit,
        LEAST_READ,
        (pair, rows) -> {
          K key = fromKey.apply(pair.key());
          if (key != null) {
            rows.add(new Row<>(key, decode.apply(key, pair.value())));
          }
        });
  }

  private interface Collector<R> {
    void accept(KvPair pair, List<R> rows);
  }

  /**
   * Reads on from {@code from} until there are {@code limit} rows or no more keys, at least {@code
   * leastRead} keys at a time, because keys of other records may lie between.
   */
  private <R> Page<R> page(
      byte[] prefix,
      KvQuery.Wants wants,
      @Nullable Object from,
      int limit,
      int leastRead,
      Collector<R> collector) {
    byte[] start = from == null ? prefix : (byte[]) from;
    byte[] end = KeyBytes.after(prefix);
    List<R> rows = new ArrayList<>();
    int read = Math.min(MOST_READ, Math.max(limit + 1, leastRead));
    while (true) {
      KvQuery query = new KvQuery(start, end, read, wants);
      List<KvPair> pairs = kv.read(snapshot -> snapshot.read(List.of(query)).get(0).rows());
      for (KvPair pair : pairs) {
        if (rows.size() >= limit) {
          return new Page<>(rows, pair.key());
        }
        collector.accept(pair, rows);
      }
      if (pairs.size() < read) {
        return new Page<>(rows, null);
      }
      start = KeyBytes.next(pairs.get(pairs.size() - 1).key());
      if (rows.size() >= limit) {
        return new Page<>(rows, start);
      }
    }
  }
}
