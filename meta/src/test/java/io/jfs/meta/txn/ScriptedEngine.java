package io.jfs.meta.txn;

import io.jfs.meta.record.Cell;
import io.jfs.meta.record.Counter;
import io.jfs.meta.record.Log;
import io.jfs.meta.record.Records.Sequence;
import io.jfs.meta.record.Table;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * An engine that answers what a test told it to, and keeps what it was asked: for tests of the seam
 * itself.
 */
final class ScriptedEngine implements Engine {
  final Map<Ref, Object> values = new HashMap<>();
  final List<Collection<Ref>> fetches = new ArrayList<>();
  final List<Commit> commits = new ArrayList<>();
  final Deque<Function<Commit, CommitOutcome>> script = new ArrayDeque<>();
  boolean remembers;

  @Override
  public String describe() {
    return "scripted://";
  }

  @Override
  public Map<Ref, Observed> fetch(Collection<Ref> refs) {
    fetches.add(List.copyOf(refs));
    Map<Ref, Observed> answer = new HashMap<>();
    for (Ref ref : refs) {
      if (ref instanceof Ref.OfAttrBehind chain) {
        RefChains.answer(chain, this::observe, answer);
      } else {
        answer.put(ref, observe(ref));
      }
    }
    return answer;
  }

  private Observed observe(Ref ref) {
    Object value = values.get(ref);
    if (value == null && ref instanceof Ref.OfLog) {
      value = List.of();
    }
    if (value == null && ref instanceof Ref.OfRows) {
      value = Map.of();
    }
    if (value == null && ref instanceof Ref.OfEmptiness) {
      value = true;
    }
    return new Observed(value, value);
  }

  @Override
  public CommitOutcome commit(Commit commit) {
    commits.add(commit);
    return script.isEmpty() ? CommitOutcome.COMMITTED : script.removeFirst().apply(commit);
  }

  @Override
  public boolean remembersReads() {
    return remembers;
  }

  @Override
  public long allocate(Sequence sequence, int count) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long peek(Sequence sequence) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <K, F, V> Page<Row<F, V>> list(Table<K, F, V> table, K key, Object from, int limit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <K, V> Page<K> keys(Cell<K, V> cell, Object from, int limit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <K, V> Page<Row<K, V>> scan(Cell<K, V> cell, Object from, int limit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <K, F, V> Page<Row<K, Row<F, V>>> scan(Table<K, F, V> table, Object from, int limit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <K, E> Page<Row<K, List<E>>> scan(Log<K, E> log, Object from, int limit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <K> Page<Row<K, long[]>> scan(Counter<K> counter, Object from, int limit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void sync() {}

  @Override
  public boolean isEmpty() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void destroy() {}

  @Override
  public void close() {}
}
