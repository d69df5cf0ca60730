package io.jfs.meta.txn;

import io.jfs.meta.record.Cell;
import io.jfs.meta.record.Counter;
import io.jfs.meta.record.Log;
import io.jfs.meta.record.Records.Sequence;
import io.jfs.meta.record.Table;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Passes everything on: a base for engines that misbehave in tests. */
public class ForwardingEngine implements Engine {
  private final Engine engine;

  /** Passes everything on to {@code engine}. */
  public ForwardingEngine(Engine engine) {
    this.engine = engine;
  }

  @Override
  public String describe() {
    return engine.describe();
  }

  @Override
  public Map<Ref, Observed> fetch(Collection<Ref> refs) {
    return engine.fetch(refs);
  }

  @Override
  public CommitOutcome commit(Commit commit) {
    return engine.commit(commit);
  }

  @Override
  public boolean remembersReads() {
    return engine.remembersReads();
  }

  @Override
  public int commitLimit() {
    return engine.commitLimit();
  }

  @Override
  public long allocate(Sequence sequence, int count) {
    return engine.allocate(sequence, count);
  }

  @Override
  public long peek(Sequence sequence) {
    return engine.peek(sequence);
  }

  @Override
  public <K, F, V> Page<Row<F, V>> list(Table<K, F, V> table, K key, Object from, int limit) {
    return engine.list(table, key, from, limit);
  }

  @Override
  public <K, V> Page<K> keys(Cell<K, V> cell, Object from, int limit) {
    return engine.keys(cell, from, limit);
  }

  @Override
  public <K, V> Page<Row<K, V>> scan(Cell<K, V> cell, Object from, int limit) {
    return engine.scan(cell, from, limit);
  }

  @Override
  public <K, F, V> Page<Row<K, Row<F, V>>> scan(Table<K, F, V> table, Object from, int limit) {
    return engine.scan(table, from, limit);
  }

  @Override
  public <K, E> Page<Row<K, List<E>>> scan(Log<K, E> log, Object from, int limit) {
    return engine.scan(log, from, limit);
  }

  @Override
  public <K> Page<Row<K, long[]>> scan(Counter<K> counter, Object from, int limit) {
    return engine.scan(counter, from, limit);
  }

  @Override
  public void sync() {
    engine.sync();
  }

  @Override
  public void collectHistory() {
    engine.collectHistory();
  }

  @Override
  public boolean isEmpty() {
    return engine.isEmpty();
  }

  @Override
  public void destroy() {
    engine.destroy();
  }

  @Override
  public void close() {
    engine.close();
  }
}
