package io.jfs.meta.admin;

import io.jfs.meta.model.FsException;
import io.jfs.meta.txn.RecordTxn;

/** Puts right what a {@link Finding} says, in one transaction that looks at it once more. */
@FunctionalInterface
public interface Remedy {
  /**
   * Repairs.
   *
   * @return whether the records were as they were found; otherwise nothing is changed
   */
  boolean apply(RecordTxn records) throws FsException;
}
