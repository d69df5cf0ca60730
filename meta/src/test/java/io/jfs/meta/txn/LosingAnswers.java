package io.jfs.meta.txn;

import java.util.function.Predicate;

/** An engine whose commits are done but sometimes not answered. */
final class LosingAnswers extends ForwardingEngine {
  private final Predicate<Commit> loses;

  LosingAnswers(Engine engine, Predicate<Commit> loses) {
    super(engine);
    this.loses = loses;
  }

  @Override
  public CommitOutcome commit(Commit commit) {
    CommitOutcome outcome = super.commit(commit);
    return outcome.status() == CommitOutcome.Status.COMMITTED && loses.test(commit)
        ? CommitOutcome.UNKNOWN
        : outcome;
  }
}
