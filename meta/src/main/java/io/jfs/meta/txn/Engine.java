package io.jfs.meta.txn;

import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.LockOwner;
import io.jfs.meta.model.Name;
import io.jfs.meta.record.Cell;
import io.jfs.meta.record.Counter;
import io.jfs.meta.record.Log;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Records.Sequence;
import io.jfs.meta.record.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where records live. An engine knows encodings, round trips and atomicity; it knows no file
 * system. Thread safe. Every method throws {@link EngineException} on an outage and {@link
 * io.jfs.meta.model.CorruptRecordException} for a value that does not decode.
 */
public interface Engine extends AutoCloseable {
  /** The address for people, with the password masked. */
  String describe();

  /**
   * Reads several things in as few round trips as the engine can, all from one moment where it can.
   * Every ref asked for is a key of the answer (an {@link Ref.OfAttrBehind} as the two refs it
   * stands for; its attr only if the name exists).
   */
  Map<Ref, Observed> fetch(Collection<Ref> refs);

  /** Does everything or nothing; see {@link Commit}. */
  CommitOutcome commit(Commit commit);

  /**
   * Whether fetched values may be remembered and committed against later: worth it where a fetch is
   * a round trip.
   */
  boolean remembersReads();

  /**
   * How many places one commit may observe, and how many it may change; operations that would need
   * more are done in steps.
   */
  default int commitLimit() {
    return Integer.MAX_VALUE;
  }

  /** The lines of {@link Records#CHANGE_LOG}; null where volumes have none. */
  default @Nullable ChangeLog changeLog() {
    return null;
  }

  /** The first of {@code count} consecutive new ids. Unused ones are lost. */
  long allocate(Sequence sequence, int count);

  /** The largest id handed out so far plus one; for dump and fsck. */
  long peek(Sequence sequence);

  /** A page of a table from {@code from} on (null: the start), outside any transaction. */
  <K, F, V> Page<Row<F, V>> list(Table<K, F, V> table, K key, @Nullable Object from, int limit);

  /**
   * A page of a directory's entries as {@link #list}, with the attributes of the inodes that they
   * name, which may be of a later moment than the entries.
   */
  default EntryPage listWithAttributes(Ino directory, @Nullable Object from, int limit) {
    Page<Row<Name, Dentry>> page = list(Records.DENTRY, directory, from, limit);
    List<Ref> attributes = new ArrayList<>(page.rows().size());
    for (Row<Name, Dentry> row : page.rows()) {
      attributes.add(new Ref.OfCell<>(Records.ATTR, row.value().ino()));
    }
    return new EntryPage(page, attributes.isEmpty() ? Map.of() : fetch(attributes));
  }

  /**
   * How many entries with their attributes are one more request, or none, to {@link
   * #listWithAttributes}: what a listing whose attributes may not be wanted should begin with.
   */
  default int entriesPerRequest() {
    return 128;
  }

  /** A page of all keys and values of a cell in the volume, outside any transaction. */
  <K, V> Page<Row<K, V>> scan(Cell<K, V> cell, @Nullable Object from, int limit);

  /** A page of the keys of a cell: finds values, too, that do not decode. */
  <K, V> Page<K> keys(Cell<K, V> cell, @Nullable Object from, int limit);

  /** A page of all tables in the volume, row by row, keyed by table key. */
  <K, F, V> Page<Row<K, Row<F, V>>> scan(Table<K, F, V> table, @Nullable Object from, int limit);

  /**
   * A page of the rows of a lock table's kind among which are all of one session; rows of others
   * may be among them. An engine that keeps a session's locks together need not go through the
   * volume.
   */
  default <V> Page<Row<Ino, Row<LockOwner, V>>> scanLocks(
      Table<Ino, LockOwner, V> table, long sid, @Nullable Object from, int limit) {
    return scan(table, from, limit);
  }

  /** A page of all logs in the volume. */
  <K, E> Page<Row<K, List<E>>> scan(Log<K, E> log, @Nullable Object from, int limit);

  /** A page of all counters of one kind in the volume. */
  <K> Page<Row<K, long[]>> scan(Counter<K> counter, @Nullable Object from, int limit);

  /** Returns when everything committed so far survives a power loss. */
  void sync();

  /**
   * Lets go of history that an engine keeps although nobody reads it any more. One client of a
   * volume does this about once an hour.
   */
  default void collectHistory() {}

  /** Whether nothing at all is stored where the volume's metadata would be. */
  boolean isEmpty();

  /** Deletes the whole volume's metadata. */
  void destroy();

  @Override
  void close();
}
