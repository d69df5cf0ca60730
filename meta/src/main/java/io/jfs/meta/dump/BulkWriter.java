package io.jfs.meta.dump;

import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.record.Cell;
import io.jfs.meta.record.Counter;
import io.jfs.meta.record.Log;
import io.jfs.meta.record.Table;
import io.jfs.meta.txn.EngineException;
import io.jfs.meta.txn.RecordTxn;
import io.jfs.meta.txn.Transactor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Sets many records in large commits, some at once, in no order. A record that is set twice has
 * either value; setting it again after an unclear answer does no harm. Every commit observes that
 * the load is still the only one. One thread adds.
 */
final class BulkWriter implements AutoCloseable {
  private static final int MOST_PLACES = 1000;
  private static final long MOST_BYTES = 512 << 10;
  private static final int SMALL_BYTES = 128;

  private final Transactor transactor;
  private final Fence fence;
  private final int placesPerCommit;
  private final int threads;
  private final ExecutorService writers;
  private final Semaphore waiting;
  private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
  private List<Change> batch = new ArrayList<>();
  private long batchBytes;
  private long batches;

  /** Looks whether writing may go on, as part of a transaction. */
  interface Fence {
    void check(RecordTxn records);
  }

  private interface Change {
    void apply(RecordTxn records);
  }

  BulkWriter(Transactor transactor, Fence fence, int threads) {
    this.transactor = transactor;
    this.fence = fence;
    this.threads = threads;
    this.placesPerCommit = Math.min(MOST_PLACES, transactor.engine().commitLimit());
    this.waiting = new Semaphore(2 * threads);
    this.writers = Workers.of(threads, "jfs-load-writer");
  }

  <K, V> void put(Cell<K, V> cell, K key, V value) {
    add(weight(value), records -> records.put(cell, key, value));
  }

  <K, F, V> void put(Table<K, F, V> table, K key, F field, V value) {
    add(weight(value) + SMALL_BYTES, records -> records.put(table, key, field, value));
  }

  <K, E> void set(Log<K, E> log, K key, List<E> entries) {
    add(32L * entries.size() + SMALL_BYTES, records -> records.set(log, key, entries));
  }

  <K> void set(Counter<K> counter, K key, long... values) {
    add(SMALL_BYTES, records -> records.set(counter, key, values));
  }

  private static long weight(Object value) {
    return value instanceof byte[] bytes ? bytes.length + SMALL_BYTES : SMALL_BYTES;
  }

  private void add(long bytes, Change change) {
    if (batch.size() >= placesPerCommit || batchBytes + bytes > MOST_BYTES) {
      send();
    }
    batch.add(change);
    batchBytes += bytes;
  }

  private void send() {
    if (batch.isEmpty()) {
      return;
    }
    List<Change> changes = batch;
    batch = new ArrayList<>();
    batchBytes = 0;
    Ino hint = new Ino(batches++);
    waiting.acquireUninterruptibly();
    throwFailure();
    writers.execute(
        () -> {
          try {
            write(hint, changes);
          } catch (RuntimeException e) {
            failure.compareAndSet(null, e);
          } finally {
            waiting.release();
          }
        });
  }

  private void write(Ino hint, List<Change> changes) {
    if (failure.get() != null) {
      return;
    }
    try {
      transactor.run(
          hint,
          attempt -> {
            fence.check(attempt.records());
            changes.forEach(change -> change.apply(attempt.records()));
            return changes.size();
          });
    } catch (FsException e) {
      throw new EngineException(
          EngineException.Kind.FATAL, transactor.engine().describe() + ": " + e.getMessage(), e);
    }
  }

  /** Returns when everything added so far is committed. */
  void flush() {
    send();
    waiting.acquireUninterruptibly(2 * threads);
    waiting.release(2 * threads);
    throwFailure();
  }

  private void throwFailure() {
    RuntimeException failed = failure.get();
    if (failed != null) {
      throw failed;
    }
  }

  /** Ends without what was not flushed. */
  @Override
  public void close() {
    writers.shutdownNow();
  }
}
