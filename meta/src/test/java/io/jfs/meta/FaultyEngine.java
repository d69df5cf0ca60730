package io.jfs.meta;

import io.jfs.meta.txn.Commit;
import io.jfs.meta.txn.CommitOutcome;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.EngineException;
import io.jfs.meta.txn.ForwardingEngine;
import io.jfs.meta.txn.Observed;
import io.jfs.meta.txn.Ref;
import java.util.Collection;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/**
 * An engine with a bad line: loses answers of commits that were done and of commits that were not,
 * and fails fetches. Seeded.
 */
public final class FaultyEngine extends ForwardingEngine {
  private final Random random;
  private final double faultRate;
  private volatile Consumer<Commit> beforeCommit = commit -> {};
  private volatile Runnable afterLoss = () -> {};
  private volatile int answersToLose;

  /**
   * @param faultRate how often a call fails, 0 to 1
   */
  public FaultyEngine(Engine engine, long seed, double faultRate) {
    super(engine);
    this.random = new Random(seed);
    this.faultRate = faultRate;
  }

  /** Runs {@code action} once, right before the next commit goes out: another client's chance. */
  public void beforeNextCommit(Runnable action) {
    beforeCommit =
        commit -> {
          beforeCommit = next -> {};
          action.run();
        };
  }

  /** Loses the answers of the next {@code count} commits that are done. */
  public void loseAnswers(int count) {
    answersToLose = count;
  }

  /** Runs {@code action} once, right after the next answer was lost: another client's chance. */
  public void afterNextLoss(Runnable action) {
    afterLoss =
        () -> {
          afterLoss = () -> {};
          action.run();
        };
  }

  private synchronized boolean fails() {
    return faultRate > 0 && random.nextDouble() < faultRate;
  }

  @Override
  public Map<Ref, Observed> fetch(Collection<Ref> refs) {
    if (fails()) {
      throw new EngineException(EngineException.Kind.TRANSIENT, "fetch lost", null);
    }
    return super.fetch(refs);
  }

  @Override
  public CommitOutcome commit(Commit commit) {
    beforeCommit.accept(commit);
    if (fails()) {
      return CommitOutcome.UNKNOWN; // The request never arrived.
    }
    CommitOutcome outcome = super.commit(commit);
    boolean done =
        outcome.status() == CommitOutcome.Status.COMMITTED && !commit.mutations().isEmpty();
    if (done && answersToLose > 0) {
      answersToLose--;
      afterLoss.run();
      return CommitOutcome.UNKNOWN;
    }
    return fails() ? CommitOutcome.UNKNOWN : outcome;
  }
}
