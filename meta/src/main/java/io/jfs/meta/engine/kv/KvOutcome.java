package io.jfs.meta.engine.kv;

import io.jfs.meta.txn.CommitOutcome.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a commit.
 *
 * @param status COMMITTED, CONFLICT or UNKNOWN
 * @param fresh after CONFLICT, what each check's query answers now, in the order of the checks;
 *     empty if the store did not bring it along
 * @param written after COMMITTED, what each write left under its key, in the order of the writes;
 *     null for keys that are absent now and for prefixes
 */
public record KvOutcome(Status status, List<KvRows> fresh, List<@Nullable KvPair> written) {
  /** Refused, and nothing more is known. */
  public static final KvOutcome CONFLICT = new KvOutcome(Status.CONFLICT, List.of(), List.of());

  /** The answer was lost. */
  public static final KvOutcome UNKNOWN = new KvOutcome(Status.UNKNOWN, List.of(), List.of());

  /** Done. */
  public static KvOutcome committed(List<@Nullable KvPair> written) {
    return new KvOutcome(Status.COMMITTED, List.of(), written);
  }
}
