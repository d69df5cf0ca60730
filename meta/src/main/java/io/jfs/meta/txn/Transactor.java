package io.jfs.meta.txn;

import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.record.Cell;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs operations against an engine until they are committed: the only retry loop of the module.
 *
 * <p>The first attempt runs on remembered reads where the engine says that this pays; a commit that
 * was built on something out of date is refused by the engine and the body runs again on fresh
 * values. A body that refuses (throws FsException) has its reads confirmed first, unless they came
 * from one single fetch, so that no refusal is built on torn or old reads. CONFLICT backs off with
 * jitter. UNKNOWN runs the body again with {@link Attempt#maybeApplied()} set. An engine that is
 * away is waited for as long as the patience says.
 */
public final class Transactor {
  private static final Logger LOG = LoggerFactory.getLogger(Transactor.class);
  private static final int STRIPES = 1024;
  private static final int MEMORY_REFS = 1 << 16;
  private static final long FIRST_BACKOFF_NANOS = TimeUnit.MICROSECONDS.toNanos(50);
  private static final long LONGEST_BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long LONGEST_OUTAGE_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final Engine engine;
  private final Duration patience;
  private final RandomGenerator random;
  private final LongSupplier nanoClock;
  private final Waiting waiting;
  private final TxnMetrics metrics;
  private final RememberedReads memory;
  private final ReentrantLock[] stripes = new ReentrantLock[STRIPES];

  /**
   * @param patience how long an operation waits for an engine that is away before it fails
   * @param random jitter
   * @param nanoClock monotonic nanoseconds
   */
  public Transactor(
      Engine engine,
      Duration patience,
      RandomGenerator random,
      LongSupplier nanoClock,
      Waiting waiting,
      TxnMetrics metrics) {
    this.engine = engine;
    this.patience = patience;
    this.random = random;
    this.nanoClock = nanoClock;
    this.waiting = waiting;
    this.metrics = metrics;
    this.memory = new RememberedReads(MEMORY_REFS, nanoClock);
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new ReentrantLock();
    }
  }

  /** Transactions of a tool, by the system's clock; nobody looks at what they cost. */
  public static Transactor ofTool(Engine engine, Duration patience) {
    return new Transactor(
        engine, patience, new SecureRandom(), System::nanoTime, Waiting.SYSTEM, new TxnMetrics());
  }

  /** One attempt at an operation. */
  public interface Attempt {
    /** Its reads and writes. */
    RecordTxn records();

    /**
     * Whether an earlier attempt's commit was lost on the way back: what this operation wants may
     * already be so.
     */
    boolean maybeApplied();
  }

  /**
   * An operation: a function of what it reads to an answer or a refusal. Runs once per attempt;
   * must not keep state between.
   */
  @FunctionalInterface
  public interface Body<R> {
    R run(Attempt attempt) throws FsException;
  }

  /** What an operation answered, and what its commit told. */
  public record Done<R>(R answer, CommitOutcome outcome) {}

  /**
   * Runs a changing operation until it is committed or refused.
   *
   * @param hint the inode whose operations are likely to conflict with this one; they run one after
   *     the other in this process
   * @throws FsException the body's refusal, confirmed; ENOSPC if the engine is full; EROFS if it
   *     takes no writes
   * @throws EngineException if the engine stays away longer than the patience
   */
  public <R> Done<R> run(Ino hint, Body<R> body) throws FsException {
    long start = nanoClock.getAsLong();
    ReentrantLock stripe = stripes[Math.floorMod(hint.hashCode(), STRIPES)];
    stripe.lock();
    try {
      return new Retries<>(body).run();
    } finally {
      stripe.unlock();
      metrics.ended(nanoClock.getAsLong() - start);
    }
  }

  /**
   * Runs an operation that only reads, on fresh values, without a commit: its reads should be one
   * fetch, or need not be from one moment.
   */
  public <R> R read(Body<R> body) throws FsException {
    Outage outage = new Outage();
    while (true) {
      try {
        Reads reads = memory.fresh(engine, Map.of());
        try {
          return body.run(new AttemptView(new BufferedTxn(reads), false));
        } finally {
          metrics.roundTrips.add(reads.fetchCount());
        }
      } catch (EngineException e) {
        outage.waitOrGiveUp(e);
      }
    }
  }

  /**
   * A page of a directory's entries with attributes, outside any transaction; see {@link
   * Engine#listWithAttributes}. The attributes are remembered as other reads are.
   */
  public EntryPage listWithAttributes(Ino directory, @Nullable Object from, int limit)
      throws FsException {
    return read(
        attempt -> {
          long started = nanoClock.getAsLong();
          EntryPage page = engine.listWithAttributes(directory, from, limit);
          metrics.roundTrips.increment();
          if (engine.remembersReads()) {
            memory.learnRead(page.attributes(), started);
          }
          return page;
        });
  }

  /**
   * A cell as this client itself wrote it at most {@code maxAge} ago, if it has read nothing else
   * there since; null if that is not so, or the engine does not remember.
   */
  @SuppressWarnings("unchecked")
  public <K, V> @Nullable V recentlyWritten(Cell<K, V> cell, K key, Duration maxAge) {
    Observed written = memory.recentlyWritten(new Ref.OfCell<>(cell, key), maxAge.toNanos());
    return written == null ? null : (V) written.value();
  }

  /** A cell as this client saw it at most {@code maxAge} ago; null if it has not. */
  @SuppressWarnings("unchecked")
  public <K, V> @Nullable V recentlySeen(Cell<K, V> cell, K key, Duration maxAge) {
    Observed seen = memory.recentlySeen(new Ref.OfCell<>(cell, key), maxAge.toNanos());
    return seen == null ? null : (V) seen.value();
  }

  /** A cell as this client last saw it, however long ago; null if it does not remember. */
  @SuppressWarnings("unchecked")
  public <K, V> @Nullable V remembered(Cell<K, V> cell, K key) {
    Observed seen = memory.get(new Ref.OfCell<>(cell, key));
    return seen == null ? null : (V) seen.value();
  }

  /** The engine, for listings and allocations that need no transaction. */
  public Engine engine() {
    return engine;
  }

  private record AttemptView(RecordTxn records, boolean maybeApplied) implements Attempt {}

  private final class Retries<R> {
    private final Body<R> body;
    private final Outage outage = new Outage();
    private Reads reads =
        engine.remembersReads() ? memory.remembered(engine) : memory.fresh(engine, Map.of());
    private boolean maybeApplied;
    private int conflicts;

    Retries(Body<R> body) {
      this.body = body;
    }

    Done<R> run() throws FsException {
      while (true) {
        try {
          Done<R> done = attempt();
          if (done != null) {
            return done;
          }
        } catch (EngineException e) {
          outage.waitOrGiveUp(e);
          reads = memory.fresh(engine, Map.of());
        }
        metrics.restarted();
      }
    }

    private @Nullable Done<R> attempt() throws FsException {
      BufferedTxn txn = new BufferedTxn(reads);
      R answer;
      try {
        answer = body.run(new AttemptView(txn, maybeApplied));
      } catch (EngineException outage) {
        throw outage;
      } catch (FsException | RuntimeException refusal) {
        // A broken invariant, too, may only be that of values which do not belong together.
        if (!isConfirmed(txn)) {
          return null;
        }
        throw refusal;
      } finally {
        metrics.roundTrips.add(reads.fetchCount());
      }
      if (!txn.hasWrites()) {
        return isConfirmed(txn) ? new Done<>(answer, CommitOutcome.COMMITTED) : null;
      }
      CommitOutcome outcome = send(txn.commit());
      return outcome.status() == CommitOutcome.Status.COMMITTED
          ? new Done<>(answer, outcome)
          : null;
    }

    private boolean isConfirmed(BufferedTxn txn) {
      if (!txn.needsConfirmation()) {
        return true;
      }
      Commit commit = txn.commit();
      return send(new Commit(commit.observations(), List.of())).status()
          == CommitOutcome.Status.COMMITTED;
    }

    private CommitOutcome send(Commit commit) {
      boolean speculative = reads.fetchCount() == 0;
      metrics.roundTrips.increment();
      CommitOutcome outcome = engine.commit(commit);
      switch (outcome.status()) {
        case COMMITTED -> {
          metrics.commits.increment();
          if (speculative) {
            metrics.speculations.increment();
          }
          if (engine.remembersReads()) {
            forgetWritten(commit);
            memory.learnWritten(outcome.fresh());
          }
        }
        case CONFLICT -> {
          metrics.conflicts.increment();
          memory.forget(commit.observations().keySet());
          memory.learnRead(outcome.fresh(), nanoClock.getAsLong());
          reads = memory.fresh(engine, outcome.fresh());
          if (!speculative || conflicts > 0) {
            backOff();
          }
          conflicts++;
        }
        case UNKNOWN -> {
          metrics.unknownOutcomes.increment();
          maybeApplied |= !commit.mutations().isEmpty(); // a lost confirmation changed nothing
          memory.forget(commit.observations().keySet());
          forgetWritten(commit);
          reads = memory.fresh(engine, Map.of());
        }
      }
      return outcome;
    }

    private void forgetWritten(Commit commit) {
      memory.forget(commit.mutations().stream().map(MutationPlaces::of).toList());
    }

    private void backOff() {
      long ceiling =
          Math.min(LONGEST_BACKOFF_NANOS, FIRST_BACKOFF_NANOS << Math.min(conflicts, 20));
      waiting.pause(random.nextLong(1, ceiling + 1));
    }
  }

  /** Patience with an engine that is away, for one operation. */
  private final class Outage {
    private long firstFailureNanos;
    private int failures;

    void waitOrGiveUp(EngineException failure) throws FsException {
      switch (failure.kind()) {
        case FULL -> throw Errno.ENOSPC.exception();
        case READ_ONLY -> throw Errno.EROFS.exception();
        case FATAL -> throw failure;
        case TRANSIENT -> {}
      }
      long now = nanoClock.getAsLong();
      if (failures == 0) {
        firstFailureNanos = now;
        metrics.outages.increment();
        LOG.warn("waiting for {}: {}", engine.describe(), failure.getMessage());
      } else if (now - firstFailureNanos > patience.toNanos()) {
        throw failure;
      }
      long pause =
          Math.min(
              LONGEST_OUTAGE_PAUSE_NANOS,
              TimeUnit.MILLISECONDS.toNanos(5) << Math.min(failures, 20));
      failures++;
      waiting.pause(random.nextLong(pause / 2, pause + 1));
    }
  }
}
