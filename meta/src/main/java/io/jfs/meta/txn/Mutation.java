package io.jfs.meta.txn;

import io.jfs.meta.record.Cell;
import io.jfs.meta.record.Counter;
import io.jfs.meta.record.Log;
import io.jfs.meta.record.Table;
import java.util.List;

/**
 * One change that a commit makes. A commit holds at most one per place, except additions to
 * counters, which are summed.
 */
public sealed interface Mutation {
  /** Sets a cell. */
  record Put<K, V>(Cell<K, V> cell, K key, V value) implements Mutation {}

  /** Removes a cell; absent is fine. */
  record Delete<K, V>(Cell<K, V> cell, K key) implements Mutation {}

  /** Sets a field. */
  record PutField<K, F, V>(Table<K, F, V> table, K key, F field, V value) implements Mutation {}

  /** Removes a field; absent is fine. */
  record RemoveField<K, F, V>(Table<K, F, V> table, K key, F field) implements Mutation {}

  /** Removes all fields of a table, also those that were never read. */
  record Clear<K, F, V>(Table<K, F, V> table, K key) implements Mutation {}

  /** Appends to a log, making it if absent. */
  record Append<K, E>(Log<K, E> log, K key, List<E> entries) implements Mutation {}

  /**
   * Replaces the first {@code count} entries, which the transaction has observed, and keeps what
   * came after them.
   */
  record ReplaceHead<K, E>(Log<K, E> log, K key, int count, List<E> entries) implements Mutation {}

  /** Sets a log whole, whatever it holds; no entries remove it. */
  record SetLog<K, E>(Log<K, E> log, K key, List<E> entries) implements Mutation {}

  /** Removes a log whole. */
  record DeleteLog<K, E>(Log<K, E> log, K key) implements Mutation {}

  /** Adds to a counter, starting from zeros if absent. */
  record Add<K>(Counter<K> counter, K key, long[] deltas) implements Mutation {}

  /** Adds to a counter only if it is there. */
  record AddIfPresent<K>(Counter<K> counter, K key, long[] deltas) implements Mutation {}

  /** Sets a counter: recounts and new directories only. */
  record SetCounter<K>(Counter<K> counter, K key, long[] values) implements Mutation {}

  /** Removes a counter. */
  record DeleteCounter<K>(Counter<K> counter, K key) implements Mutation {}
}
