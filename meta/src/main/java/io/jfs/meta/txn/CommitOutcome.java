package io.jfs.meta.txn;

import java.util.Map;

/**
 * What became of a commit.
 *
 * @param status see {@link Status}
 * @param fresh after CONFLICT, current values of what was observed, as far as the engine brought
 *     them along; after COMMITTED, what the changed places hold now, as far as the engine knows.
 *     Both feed remembered reads; both may be empty.
 * @param logLengths after COMMITTED, number of entries in each log that was appended to, by its
 *     {@link Ref.OfLog}, if known
 */
public record CommitOutcome(Status status, Map<Ref, Observed> fresh, Map<Ref, Integer> logLengths) {
  /** The three ends of a commit. */
  public enum Status {
    /** Everything observed held, everything was changed. */
    COMMITTED,
    /** Something observed had changed; nothing was done. */
    CONFLICT,
    /** The answer was lost: it may or may not have been done. */
    UNKNOWN
  }

  /** Done, and nothing more is known. */
  public static final CommitOutcome COMMITTED =
      new CommitOutcome(Status.COMMITTED, Map.of(), Map.of());

  /** Refused, and nothing more is known. */
  public static final CommitOutcome CONFLICT =
      new CommitOutcome(Status.CONFLICT, Map.of(), Map.of());

  /** The answer was lost. */
  public static final CommitOutcome UNKNOWN = new CommitOutcome(Status.UNKNOWN, Map.of(), Map.of());
}
