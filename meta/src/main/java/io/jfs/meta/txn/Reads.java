package io.jfs.meta.txn;

import java.util.Collection;
import java.util.Map;

/** Where a transaction's reads come from: the engine, or values remembered from earlier reads. */
interface Reads {
  /** As {@link Engine#fetch}. */
  Map<Ref, Observed> fetch(Collection<Ref> refs);

  /**
   * How many times the engine was asked. Two or more: the answers may be from different moments.
   */
  int fetchCount();

  /** Whether any answer was remembered instead of fetched. */
  boolean usedMemory();
}
