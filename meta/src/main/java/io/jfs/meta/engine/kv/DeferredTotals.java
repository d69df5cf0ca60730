package io.jfs.meta.engine.kv;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.meta.record.Cell;
import io.jfs.meta.record.Counter;
import io.jfs.meta.record.Log;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Records.Sequence;
import io.jfs.meta.record.Records.Volume;
import io.jfs.meta.record.Table;
import io.jfs.meta.txn.Commit;
import io.jfs.meta.txn.CommitOutcome;
import io.jfs.meta.txn.CommitOutcome.Status;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.EngineException;
import io.jfs.meta.txn.Mutation;
import io.jfs.meta.txn.Observed;
import io.jfs.meta.txn.Page;
import io.jfs.meta.txn.Ref;
import io.jfs.meta.txn.Row;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps additions to the volume's totals back and sends their sum about once a second and at the
 * end, so that no commit touches a key that all clients share; metadata spec 4.3. This client's own
 * reads of the totals include what is kept back; they are not observed by commits. Everything else
 * passes through.
 */
public final class DeferredTotals implements Engine {
  private static final Logger LOG = LoggerFactory.getLogger(DeferredTotals.class);
  private static final long FLUSH_MILLIS = 1000;
  private static final int MOST_TRIES = 5;
  private static final Ref SPACE = new Ref.OfCounter<>(Records.USED_SPACE, Volume.KEY);
  private static final Ref INODES = new Ref.OfCounter<>(Records.USED_INODES, Volume.KEY);

  private final Engine engine;
  private final ScheduledExecutorService flusher;
  private final ScheduledFuture<?> schedule;
  private final Object flushing = new Object();

  @GuardedBy("this")
  private final Map<Ref, Long> pending = new HashMap<>();

  /** Takes ownership of the engine. */
  public DeferredTotals(Engine engine) {
    this.engine = engine;
    this.flusher =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "jfs-meta-totals");
              thread.setDaemon(true);
              return thread;
            });
    this.schedule =
        flusher.scheduleWithFixedDelay(
            this::flushQuietly, FLUSH_MILLIS, FLUSH_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static boolean isTotal(Ref ref) {
    return ref.equals(SPACE) || ref.equals(INODES);
  }

  @Override
  public CommitOutcome commit(Commit commit) {
    List<Mutation> rest = new ArrayList<>(commit.mutations().size());
    Map<Ref, Long> kept = new HashMap<>();
    boolean sets = false;
    for (Mutation mutation : commit.mutations()) {
      if (mutation instanceof Mutation.Add<?> add
          && (add.counter() == Records.USED_SPACE || add.counter() == Records.USED_INODES)) {
        kept.merge(
            add.counter() == Records.USED_SPACE ? SPACE : INODES, add.deltas()[0], Long::sum);
      } else {
        sets |= mutation instanceof Mutation.SetCounter<?> set && isTotal(set.counter());
        rest.add(mutation);
      }
    }
    if (sets) {
      flush(); // a recount starts from what everybody can see
    }
    CommitOutcome outcome = engine.commit(new Commit(observed(commit), rest));
    if (outcome.status() == Status.COMMITTED) {
      keep(kept);
    }
    return outcome;
  }

  private static boolean isTotal(Counter<?> counter) {
    return counter == Records.USED_SPACE || counter == Records.USED_INODES;
  }

  private static Map<Ref, Observed> observed(Commit commit) {
    if (!commit.observations().containsKey(SPACE) && !commit.observations().containsKey(INODES)) {
      return commit.observations();
    }
    Map<Ref, Observed> rest = new LinkedHashMap<>(commit.observations());
    rest.keySet().removeIf(DeferredTotals::isTotal);
    return rest;
  }

  private synchronized void keep(Map<Ref, Long> deltas) {
    deltas.forEach((ref, delta) -> pending.merge(ref, delta, Long::sum));
  }

  @Override
  public Map<Ref, Observed> fetch(Collection<Ref> refs) {
    if (!refs.contains(SPACE) && !refs.contains(INODES)) {
      return engine.fetch(refs);
    }
    synchronized (flushing) { // what is being sent is neither stored nor pending for sure
      Map<Ref, Observed> answer = engine.fetch(refs);
      answer.replaceAll((ref, seen) -> isTotal(ref) ? withPending(ref, seen) : seen);
      return answer;
    }
  }

  private synchronized Observed withPending(Ref ref, Observed stored) {
    Long delta = pending.get(ref);
    if (delta == null) {
      return stored;
    }
    long sum = (stored.value() instanceof long[] numbers ? numbers[0] : 0) + delta;
    return new Observed(new long[] {sum}, null);
  }

  private void flushQuietly() {
    try {
      flush();
    } catch (RuntimeException e) {
      LOG.debug("totals are kept back: {}", e.getMessage());
    }
  }

  /** Sends what is kept back. */
  private void flush() {
    synchronized (flushing) {
      Map<Ref, Long> sent = takePending();
      List<Mutation> additions = new ArrayList<>();
      sent.forEach((ref, delta) -> additions.add(addition(ref, delta)));
      if (additions.isEmpty()) {
        return;
      }
      boolean done = false;
      try {
        done = send(new Commit(Map.of(), additions));
      } finally {
        if (!done) {
          keep(sent);
        }
      }
    }
  }

  private boolean send(Commit commit) {
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      Status status = engine.commit(commit).status();
      if (status == Status.UNKNOWN) {
        LOG.warn("{}: totals may be off by one second's changes", engine.describe());
      }
      if (status != Status.CONFLICT) {
        return true;
      }
    }
    return false;
  }

  private synchronized Map<Ref, Long> takePending() {
    Map<Ref, Long> taken = new HashMap<>(pending);
    taken.values().removeIf(delta -> delta == 0);
    pending.clear();
    return taken;
  }

  private static Mutation addition(Ref ref, long delta) {
    Counter<Volume> counter = ref.equals(SPACE) ? Records.USED_SPACE : Records.USED_INODES;
    return new Mutation.Add<>(counter, Volume.KEY, new long[] {delta});
  }

  @Override
  public <K> Page<Row<K, long[]>> scan(Counter<K> counter, @Nullable Object from, int limit) {
    if (isTotal(counter)) {
      flush();
    }
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
    synchronized (flushing) {
      takePending();
      engine.destroy();
    }
  }

  @Override
  public void close() {
    schedule.cancel(false);
    flusher.shutdown();
    try {
      flush();
    } catch (EngineException e) {
      LOG.warn("{}: the last second's changes of the totals are lost", e.getMessage());
    } finally {
      engine.close();
    }
  }

  @Override
  public String describe() {
    return engine.describe();
  }

  @Override
  public boolean remembersReads() {
    return engine.remembersReads();
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
  public <K, F, V> Page<Row<F, V>> list(
      Table<K, F, V> table, K key, @Nullable Object from, int limit) {
    return engine.list(table, key, from, limit);
  }

  @Override
  public <K, V> Page<K> keys(Cell<K, V> cell, @Nullable Object from, int limit) {
    return engine.keys(cell, from, limit);
  }

  @Override
  public <K, V> Page<Row<K, V>> scan(Cell<K, V> cell, @Nullable Object from, int limit) {
    return engine.scan(cell, from, limit);
  }

  @Override
  public <K, F, V> Page<Row<K, Row<F, V>>> scan(
      Table<K, F, V> table, @Nullable Object from, int limit) {
    return engine.scan(table, from, limit);
  }

  @Override
  public <K, E> Page<Row<K, List<E>>> scan(Log<K, E> log, @Nullable Object from, int limit) {
    return engine.scan(log, from, limit);
  }
}
