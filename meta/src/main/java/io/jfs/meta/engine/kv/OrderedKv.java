package io.jfs.meta.engine.kv;

import java.util.List;
import java.util.function.Function;

/**
 * What an ordered key-value store has to offer: reads from one moment, and commits that check and
 * change at once. Keys are ordered bytewise, unsigned. Thread safe. Every method throws {@link
 * io.jfs.meta.txn.EngineException} on an outage.
 */
public interface OrderedKv extends AutoCloseable {
  /** The address for people, with the password masked. */
  String describe();

  /** Whether a read is a round trip that is worth saving. */
  boolean remembersReads();

  /**
   * Whether a commit is cheaper if everything that it needs was read before, so that it pays to
   * read along what it will need.
   */
  default boolean readsAhead() {
    return false;
  }

  /** How many checks, and how many writes, one commit may have. */
  default int commitLimit() {
    return Integer.MAX_VALUE;
  }

  /**
   * Runs reads that all see the store at one moment. The snapshot is dead when the body returns.
   */
  <R> R read(Function<Snapshot, R> body);

  /** Does everything or nothing. */
  KvOutcome commit(List<KvCheck> checks, List<KvWrite> writes);

  /** Returns when everything committed so far survives a power loss. */
  void sync();

  /** Lets go of old versions, in stores that keep them. */
  default void collectHistory() {}

  /** Deletes everything. */
  void clear();

  @Override
  void close();

  /** The store at one moment. */
  interface Snapshot {
    /** Answers several queries, in their order, in as few round trips as the store can. */
    List<KvRows> read(List<KvQuery> queries);
  }
}
