package io.jfs.meta.admin;

import io.jfs.meta.model.CorruptRecordException;
import io.jfs.meta.record.Cell;
import io.jfs.meta.record.Counter;
import io.jfs.meta.record.Log;
import io.jfs.meta.record.Table;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.Observed;
import io.jfs.meta.txn.Page;
import io.jfs.meta.txn.Ref;
import io.jfs.meta.txn.Row;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Walks through all records of one kind in a volume, page by page. */
final class Scans {
  private static final int PAGE = 2000;

  private final Engine engine;

  Scans(Engine engine) {
    this.engine = engine;
  }

  /** Receives one row of a table. */
  interface Field<K, F, V> {
    void accept(K key, F field, V value);
  }

  <K, V> void each(Cell<K, V> cell, BiConsumer<K, V> visitor) {
    rows(from -> engine.scan(cell, from, PAGE), visitor);
  }

  /**
   * As {@link #each(Cell, BiConsumer)}; a value that does not decode is told by its key. The
   * visitor may see a value twice.
   */
  <K, V> void each(Cell<K, V> cell, BiConsumer<K, V> visitor, Consumer<K> damaged) {
    try {
      each(cell, visitor);
    } catch (CorruptRecordException e) {
      eachOneByOne(cell, visitor, damaged);
    }
  }

  private <K, V> void eachOneByOne(Cell<K, V> cell, BiConsumer<K, V> visitor, Consumer<K> damaged) {
    Object from = null;
    do {
      Page<K> page = engine.keys(cell, from, PAGE);
      page.rows().forEach(key -> visit(cell, key, visitor, damaged));
      from = page.next();
    } while (from != null);
  }

  @SuppressWarnings("unchecked")
  private <K, V> void visit(Cell<K, V> cell, K key, BiConsumer<K, V> visitor, Consumer<K> damaged) {
    Ref ref = new Ref.OfCell<>(cell, key);
    try {
      Observed observed = engine.fetch(List.of(ref)).get(ref);
      if (observed != null && observed.value() != null) {
        visitor.accept(key, (V) observed.value());
      }
    } catch (CorruptRecordException e) {
      damaged.accept(key);
    }
  }

  <K, E> void each(Log<K, E> log, BiConsumer<K, List<E>> visitor) {
    rows(from -> engine.scan(log, from, PAGE), visitor);
  }

  <K> void each(Counter<K> counter, BiConsumer<K, long[]> visitor) {
    rows(from -> engine.scan(counter, from, PAGE), visitor);
  }

  <K, F, V> void each(Table<K, F, V> table, Field<K, F, V> visitor) {
    rows(
        from -> engine.scan(table, from, PAGE),
        (K key, Row<F, V> row) -> visitor.accept(key, row.key(), row.value()));
  }

  private static <K, V> void rows(
      Function<@Nullable Object, Page<Row<K, V>>> scan, BiConsumer<K, V> visitor) {
    Object from = null;
    do {
      Page<Row<K, V>> page = scan.apply(from);
      page.rows().forEach(row -> visitor.accept(row.key(), row.value()));
      from = page.next();
    } while (from != null);
  }
}
