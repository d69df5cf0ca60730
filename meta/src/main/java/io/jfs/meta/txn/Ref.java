package io.jfs.meta.txn;

import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.Slice;
import io.jfs.meta.record.Cell;
import io.jfs.meta.record.Counter;
import io.jfs.meta.record.Log;
import io.jfs.meta.record.Table;

/**
 * Names something that can be read, and therefore observed: what a fetch asks for and what a commit
 * says must still hold.
 */
public sealed interface Ref {
  /** A cell's value; null if absent. */
  record OfCell<K, V>(Cell<K, V> cell, K key) implements Ref {}

  /** One field's value; null if absent. */
  record OfField<K, F, V>(Table<K, F, V> table, K key, F field) implements Ref {}

  /** All fields and values of a table: a {@code Map<F, V>}, in the engine's order. */
  record OfRows<K, F, V>(Table<K, F, V> table, K key) implements Ref {}

  /** Whether a table has no fields: a {@code Boolean}. */
  record OfEmptiness<K, F, V>(Table<K, F, V> table, K key) implements Ref {}

  /**
   * A log's entries: a {@code List<E>}, empty if absent. Observed: the entries read are still the
   * beginning of the log.
   */
  record OfLog<K, E>(Log<K, E> log, K key) implements Ref {}

  /** A counter's numbers: a {@code long[]}; null if absent. */
  record OfCounter<K>(Counter<K> counter, K key) implements Ref {}

  /**
   * Which chunks of a file in [from, to) have a log: a sorted {@code List<Integer>}. Never
   * validated by a commit.
   */
  record OfChunkIndexes(Log<ChunkKey, Slice> log, Ino ino, int from, int to) implements Ref {}

  /**
   * Two reads in one: the entry under a name, then the attributes of the inode that it names. A
   * fetch answers it as the OfField(DENTRY) and the OfCell(ATTR) that it stands for; it is never an
   * answer's key itself.
   */
  record OfAttrBehind(Ino parent, Name name) implements Ref {}
}
