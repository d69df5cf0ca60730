package io.jfs.meta.txn;

import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Slice;
import io.jfs.meta.record.Cell;
import io.jfs.meta.record.Counter;
import io.jfs.meta.record.Log;
import io.jfs.meta.record.Table;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at an operation: reads records, buffers writes, sees its own. Confined to one thread.
 * Everything read is observed: the commit happens only if it still holds. Nothing is sent before
 * the commit.
 */
public interface RecordTxn {
  /** Brings several things along in one round trip; later reads of them cost nothing. */
  void prefetch(Ref... refs);

  /** A cell's value; null if absent. */
  <K, V> @Nullable V get(Cell<K, V> cell, K key);

  /** Sets a cell. */
  <K, V> void put(Cell<K, V> cell, K key, V value);

  /** Removes a cell. */
  <K, V> void delete(Cell<K, V> cell, K key);

  /** A field's value; null if absent. */
  <K, F, V> @Nullable V get(Table<K, F, V> table, K key, F field);

  /** Sets a field. */
  <K, F, V> void put(Table<K, F, V> table, K key, F field, V value);

  /** Removes a field. */
  <K, F, V> void remove(Table<K, F, V> table, K key, F field);

  /**
   * Whether a table has no field. The observation that protects rmdir against a concurrent create.
   */
  <K, F, V> boolean isEmpty(Table<K, F, V> table, K key);

  /** All fields and values of a table: for small tables (locks, parents, xattrs). */
  <K, F, V> Map<F, V> rows(Table<K, F, V> table, K key);

  /** Removes all fields of a table, seen or not. */
  <K, F, V> void clear(Table<K, F, V> table, K key);

  /** A log's entries in order; empty if absent. */
  <K, E> List<E> read(Log<K, E> log, K key);

  /** Appends without reading. */
  <K, E> void append(Log<K, E> log, K key, List<E> entries);

  /** Replaces the first {@code count} entries of a log that was read in this transaction. */
  <K, E> void replaceHead(Log<K, E> log, K key, int count, List<E> entries);

  /** Sets a log whole without reading: for loading a volume. */
  <K, E> void set(Log<K, E> log, K key, List<E> entries);

  /** Removes a log. */
  <K, E> void delete(Log<K, E> log, K key);

  /**
   * Which chunks of a file in [from, to) have slices, ascending. Not observed: writers of the file
   * rewrite its attr.
   */
  List<Integer> chunkIndexes(Log<ChunkKey, Slice> log, Ino ino, int from, int to);

  /** A counter's numbers; null if absent. */
  <K> long @Nullable [] get(Counter<K> counter, K key);

  /** Adds without reading. */
  <K> void add(Counter<K> counter, K key, long... deltas);

  /** Adds without reading, only if the counter is there. */
  <K> void addIfPresent(Counter<K> counter, K key, long... deltas);

  /** Sets a counter. */
  <K> void set(Counter<K> counter, K key, long... values);

  /** Removes a counter. */
  <K> void delete(Counter<K> counter, K key);
}
