package io.jfs.meta.engine.kv;

import io.jfs.meta.model.Ino;
import io.jfs.meta.record.Cell;
import io.jfs.meta.record.Counter;
import io.jfs.meta.record.Log;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Records.Sequence;
import io.jfs.meta.record.Table;
import io.jfs.meta.txn.Commit;
import io.jfs.meta.txn.CommitOutcome;
import io.jfs.meta.txn.CommitOutcome.Status;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.Mutation;
import io.jfs.meta.txn.MutationPlaces;
import io.jfs.meta.txn.Observed;
import io.jfs.meta.txn.Page;
import io.jfs.meta.txn.Ref;
import io.jfs.meta.txn.RefChains;
import io.jfs.meta.txn.Row;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The engine over any ordered key-value store: encodes, decodes, and leaves the rest to it. */
public final class KvEngine implements Engine {
  private static final byte[] FIRST_KEY = {0};
  private static final byte[] PAST_KEYS = {(byte) 0xFF};

  private final OrderedKv kv;
  private final KvSequences sequences;
  private final KvScans scans;
  private final ChainHints hints;

  /** Takes ownership of the store. */
  public KvEngine(OrderedKv kv) {
    this.kv = kv;
    this.sequences = new KvSequences(kv);
    this.scans = new KvScans(kv);
    this.hints = new ChainHints(kv.remembersReads());
  }

  /** A new empty volume on the heap. */
  public static KvEngine inMemory() {
    return new KvEngine(new MemoryKv("memkv://"));
  }

  @Override
  public String describe() {
    return kv.describe();
  }

  @Override
  public boolean remembersReads() {
    return kv.remembersReads();
  }

  @Override
  public int commitLimit() {
    return kv.commitLimit();
  }

  @Override
  public Map<Ref, Observed> fetch(Collection<Ref> refs) {
    return kv.read(
        snapshot -> {
          Map<Ref, Observed> answer = new HashMap<>(refs.size() * 2);
          Map<Ref, Observed> guessed = new HashMap<>();
          List<Ref> first = new ArrayList<>(refs.size());
          List<Ref> guesses = new ArrayList<>();
          for (Ref ref : refs) {
            if (ref instanceof Ref.OfAttrBehind chain) {
              first.add(RefChains.dentry(chain));
              hints.guess(chain).ifPresent(guesses::add);
            } else {
              first.add(ref);
              if (kv.readsAhead()) {
                goesWith(ref).ifPresent(guesses::add);
              }
            }
          }
          read(snapshot, first, answer, guesses, guessed);
          List<Ref> ends = ends(refs, answer);
          ends.removeIf(end -> takeOver(end, guessed, answer));
          read(snapshot, ends, answer, List.of(), guessed);
          hints.learn(answer);
          return answer;
        });
  }

  /** Who asks whether a directory is empty is about to remove it, and its attributes with it. */
  private static Optional<Ref> goesWith(Ref ref) {
    return ref instanceof Ref.OfEmptiness<?, ?, ?> emptiness && emptiness.key() instanceof Ino ino
        ? Optional.of(new Ref.OfRows<>(Records.XATTR, ino))
        : Optional.empty();
  }

  private static boolean takeOver(Ref end, Map<Ref, Observed> guessed, Map<Ref, Observed> answer) {
    Observed observed = guessed.get(end);
    if (observed != null) {
      answer.put(end, observed);
    }
    return observed != null;
  }

  /** Reads everything at once: what is asked for, and what probably will be. */
  private static void read(
      OrderedKv.Snapshot snapshot,
      List<Ref> refs,
      Map<Ref, Observed> answer,
      List<Ref> guesses,
      Map<Ref, Observed> guessed) {
    if (refs.isEmpty()) {
      return;
    }
    List<KvQuery> queries = new ArrayList<>(refs.size() + guesses.size());
    refs.forEach(ref -> queries.add(KvRefs.query(ref)));
    guesses.forEach(ref -> queries.add(KvRefs.query(ref)));
    List<KvRows> rows = snapshot.read(queries);
    for (int i = 0; i < refs.size(); i++) {
      answer.put(refs.get(i), KvRefs.observe(refs.get(i), rows.get(i)));
    }
    for (int i = 0; i < guesses.size(); i++) {
      guessed.put(guesses.get(i), KvRefs.observe(guesses.get(i), rows.get(refs.size() + i)));
    }
  }

  /** The attributes at the ends of the chains that lead anywhere and are not answered yet. */
  private static List<Ref> ends(Collection<Ref> refs, Map<Ref, Observed> answer) {
    List<Ref> ends = new ArrayList<>();
    for (Ref ref : refs) {
      if (ref instanceof Ref.OfAttrBehind chain) {
        Observed dentry = answer.get(RefChains.dentry(chain));
        Ref attr = dentry == null ? null : RefChains.attr(dentry);
        if (attr != null && !answer.containsKey(attr)) {
          ends.add(attr);
        }
      }
    }
    return ends;
  }

  @Override
  public CommitOutcome commit(Commit commit) {
    List<Ref> checked = new ArrayList<>(commit.observations().size());
    List<KvCheck> checks = new ArrayList<>(commit.observations().size());
    commit
        .observations()
        .forEach(
            (ref, observed) -> {
              KvCheck check = KvRefs.check(ref, observed);
              if (check != null) {
                checked.add(ref);
                checks.add(check);
              }
            });
    KvMutations mutations = new KvMutations();
    int[] places = new int[commit.mutations().size()];
    for (int i = 0; i < places.length; i++) {
      places[i] = mutations.add(commit.mutations().get(i));
    }
    KvOutcome outcome = kv.commit(checks, mutations.writes());
    return switch (outcome.status()) {
      case COMMITTED -> committed(commit.mutations(), places, outcome.written());
      case CONFLICT -> conflict(checked, outcome.fresh());
      case UNKNOWN -> CommitOutcome.UNKNOWN;
    };
  }

  private CommitOutcome committed(
      List<Mutation> mutations, int[] places, List<@Nullable KvPair> written) {
    Map<Ref, Observed> fresh = new HashMap<>();
    Map<Ref, Integer> logLengths = new HashMap<>();
    for (int i = 0; i < places.length; i++) {
      Mutation mutation = mutations.get(i);
      KvPair pair = written.get(places[i]);
      if (mutation instanceof Mutation.Append<?, ?> append && pair != null) {
        logLengths.put(
            MutationPlaces.of(mutation),
            pair.value().length / KvLayout.of(append.log()).entryBytes());
      }
      if (mutation instanceof Mutation.PutField<?, ?, ?> put) {
        hints.learn(put);
      }
      if (kv.remembersReads() && !(mutation instanceof Mutation.Clear<?, ?, ?>)) {
        Ref place = MutationPlaces.of(mutation);
        fresh.put(place, KvRefs.observe(place, rows(pair)));
      }
    }
    return fresh.isEmpty() && logLengths.isEmpty()
        ? CommitOutcome.COMMITTED
        : new CommitOutcome(Status.COMMITTED, fresh, logLengths);
  }

  private static KvRows rows(@Nullable KvPair pair) {
    return pair == null ? KvRows.NONE : new KvRows(List.of(pair), pair.revision());
  }

  private static CommitOutcome conflict(List<Ref> checked, List<KvRows> fresh) {
    if (fresh.isEmpty()) {
      return CommitOutcome.CONFLICT;
    }
    Map<Ref, Observed> observed = new HashMap<>();
    for (int i = 0; i < checked.size(); i++) {
      observed.put(checked.get(i), KvRefs.observe(checked.get(i), fresh.get(i)));
    }
    return new CommitOutcome(Status.CONFLICT, observed, Map.of());
  }

  @Override
  public long allocate(Sequence sequence, int count) {
    return sequences.allocate(sequence, count);
  }

  @Override
  public long peek(Sequence sequence) {
    return sequences.peek(sequence);
  }

  @Override
  public <K, F, V> Page<Row<F, V>> list(
      Table<K, F, V> table, K key, @Nullable Object from, int limit) {
    Page<Row<F, V>> page = scans.list(table, key, from, limit);
    hints.learn(table, key, page);
    return page;
  }

  @Override
  public <K, V> Page<Row<K, V>> scan(Cell<K, V> cell, @Nullable Object from, int limit) {
    return scans.cells(cell, from, limit);
  }

  @Override
  public <K, V> Page<K> keys(Cell<K, V> cell, @Nullable Object from, int limit) {
    return scans.cellKeys(cell, from, limit);
  }

  @Override
  public <K, F, V> Page<Row<K, Row<F, V>>> scan(
      Table<K, F, V> table, @Nullable Object from, int limit) {
    return scans.tables(table, from, limit);
  }

  @Override
  public <K, E> Page<Row<K, List<E>>> scan(Log<K, E> log, @Nullable Object from, int limit) {
    return scans.logs(log, from, limit);
  }

  @Override
  public <K> Page<Row<K, long[]>> scan(Counter<K> counter, @Nullable Object from, int limit) {
    return scans.counters(counter, from, limit);
  }

  @Override
  public void sync() {
    kv.sync();
  }

  @Override
  public void collectHistory() {
    kv.collectHistory();
  }

  @Override
  public boolean isEmpty() {
    KvQuery any = new KvQuery(FIRST_KEY, PAST_KEYS, 1, KvQuery.Wants.KEYS);
    return kv.read(snapshot -> snapshot.read(List.of(any)).get(0).rows().isEmpty());
  }

  @Override
  public void destroy() {
    kv.clear();
  }

  @Override
  public void close() {
    kv.close();
  }
}
