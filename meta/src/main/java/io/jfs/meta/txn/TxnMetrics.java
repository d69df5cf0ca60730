package io.jfs.meta.txn;

import java.util.concurrent.atomic.LongAdder;

/** What transactions cost, as ever-growing counts for the metrics page. Thread safe. */
public final class TxnMetrics {
  /** Operations that ended with a commit. */
  public final LongAdder commits = new LongAdder();

  /** Commits that were refused because something observed had changed. */
  public final LongAdder conflicts = new LongAdder();

  /** Attempts beyond the first, for whatever reason. */
  public final LongAdder retries = new LongAdder();

  /** First attempts that ran on remembered reads alone and were committed. */
  public final LongAdder speculations = new LongAdder();

  /** Commits whose answer was lost. */
  public final LongAdder unknownOutcomes = new LongAdder();

  /** Requests to the engine: fetches and commits. */
  public final LongAdder roundTrips = new LongAdder();

  /** Times that an operation had to wait for an engine that was away. */
  public final LongAdder outages = new LongAdder();

  private volatile Listener listener = Listener.NONE;

  /** Hears of each transaction, on the thread that runs it; must be quick. */
  public interface Listener {
    /** Nobody listens. */
    Listener NONE =
        new Listener() {
          @Override
          public void transactionEnded(long durationNanos) {}

          @Override
          public void transactionRestarts() {}
        };

    /** A transaction was committed, refused or given up. */
    void transactionEnded(long durationNanos);

    /** A transaction runs another time. */
    void transactionRestarts();
  }

  /** From now on {@code newListener} hears of each transaction, and nobody else. */
  public void listen(Listener newListener) {
    listener = newListener;
  }

  void restarted() {
    retries.increment();
    listener.transactionRestarts();
  }

  void ended(long durationNanos) {
    listener.transactionEnded(durationNanos);
  }
}
