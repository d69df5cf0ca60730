package io.jfs.meta.engine.kv.lmdb;

import io.jfs.meta.engine.MetaUrl;
import io.jfs.meta.engine.kv.KvCheck;
import io.jfs.meta.engine.kv.KvOutcome;
import io.jfs.meta.engine.kv.KvQuery;
import io.jfs.meta.engine.kv.KvRows;
import io.jfs.meta.engine.kv.KvWrite;
import io.jfs.meta.engine.kv.LocalKv;
import io.jfs.meta.engine.kv.OrderedKv;
import io.jfs.meta.txn.EngineException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * An ordered store in an LMDB directory: {@code
 * lmdb://PATH[?durability=checkpoint|commit|fsync|none][&checkpoint-interval=1s][&map-size=1G]}.
 * Made by the first write: opening a place where nothing is leaves nothing behind.
 */
public final class LmdbKv implements OrderedKv {
  private final Directory directory;
  private final AtomicBoolean closed = new AtomicBoolean();

  private LmdbKv(Directory directory) {
    this.directory = directory;
  }

  /**
   * Opens a place for metadata.
   *
   * @throws EngineException FATAL with one line that says what is wrong with it
   */
  public static LmdbKv open(MetaUrl url) {
    return new LmdbKv(Directory.open(url));
  }

  @Override
  public String describe() {
    return directory.describe();
  }

  @Override
  public boolean remembersReads() {
    return false;
  }

  @Override
  public <R> R read(Function<Snapshot, R> body) {
    Store store = directory.store();
    return store == null
        ? body.apply(queries -> queries.stream().map(query -> KvRows.NONE).toList())
        : store.environment().read(view -> body.apply(queries -> rows(view, queries)));
  }

  private static List<KvRows> rows(TxnView view, List<KvQuery> queries) {
    List<KvRows> answers = new ArrayList<>(queries.size());
    for (KvQuery query : queries) {
      answers.add(new KvRows(view.rows(query), 0));
    }
    return answers;
  }

  @Override
  public KvOutcome commit(List<KvCheck> checks, List<KvWrite> writes) {
    if (writes.isEmpty()) {
      return confirm(checks);
    }
    return directory.storeForWriting().commit(checks, writes);
  }

  /** Only a look: no need to wait for a writer. */
  private KvOutcome confirm(List<KvCheck> checks) {
    Store store = directory.store();
    boolean holds =
        store == null
            ? LocalKv.EMPTY.holds(checks)
            : store.environment().read(view -> view.holds(checks));
    return holds ? KvOutcome.committed(List.of()) : KvOutcome.CONFLICT;
  }

  /**
   * Flushes what was committed since the last flush. Callers that come while a flush is running
   * share the next one. A scratch volume (durability none) promises nothing and is not flushed.
   */
  @Override
  public void sync() {
    Store store = directory.store();
    if (store != null) {
      store.sync();
    }
  }

  @Override
  public void clear() {
    Store store = directory.store();
    if (store != null) {
      store.clear();
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      directory.close();
    }
  }
}
