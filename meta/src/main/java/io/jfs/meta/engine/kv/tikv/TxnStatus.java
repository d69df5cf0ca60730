package io.jfs.meta.engine.kv.tikv;

import io.jfs.meta.engine.kv.tikv.proto.CheckTxnStatusResponse;

/** What became of a transaction. */
sealed interface TxnStatus {
  /** Nothing yet, and nobody knows what will. */
  TxnStatus ALIVE = new Alive(false);

  /**
   * Not ended yet.
   *
   * @param commitsLater than the reader that asked reads
   */
  record Alive(boolean commitsLater) implements TxnStatus {}

  /**
   * Ended for good.
   *
   * @param commitTs when it was committed; 0: it was rolled back
   */
  record Ended(long commitTs) implements TxnStatus {
    static final Ended ROLLED_BACK = new Ended(0);

    boolean isCommitted() {
      return commitTs != 0;
    }
  }

  /** Number of "the earliest commit was moved behind the reader" among the protocol's actions. */
  int MIN_COMMIT_TS_PUSHED = 3;

  /** What the primary lock's region says. */
  static TxnStatus of(CheckTxnStatusResponse answer) {
    if (answer.hasError()) {
      return ALIVE; // no lock yet, or not the primary: its owner is still at it
    }
    if (answer.getLockTtl() > 0) {
      return new Alive(answer.getAction() == MIN_COMMIT_TS_PUSHED);
    }
    return answer.getCommitVersion() == 0
        ? Ended.ROLLED_BACK
        : new Ended(answer.getCommitVersion());
  }
}
