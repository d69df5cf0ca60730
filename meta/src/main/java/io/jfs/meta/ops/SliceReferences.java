package io.jfs.meta.ops;

import io.jfs.meta.model.Slice;
import io.jfs.meta.model.SliceId;
import io.jfs.meta.record.Records;
import io.jfs.meta.txn.RecordTxn;
import io.jfs.meta.txn.Ref;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who still needs a slice. Every record of every chunk that names a slice is one reference, and so
 * is every mention in a row of delayed slices; {@link Records#SLICE_REF} is their number minus one.
 * The rule that keeps it true is ADR 0006: a transaction that changes the number of mentions
 * changes the count by the same, and one that derives a mention from another observes the log that
 * holds the other.
 */
final class SliceReferences {
  private SliceReferences() {}

  /** Adds a reference for each record that was derived from a visible one. */
  static void share(MetaTxn txn, Collection<Slice> records) {
    count(records).forEach((slice, n) -> txn.records().add(Records.SLICE_REF, slice, (long) n));
  }

  /** Ends the reference of each record; notes the slices that nobody needs any more as freed. */
  static void drop(MetaTxn txn, Collection<Slice> records) {
    dropAll(txn, count(records));
  }

  /** Ends that many references of each slice; notes what nobody needs any more as freed. */
  static void dropAll(MetaTxn txn, Map<SliceId, Integer> mentions) {
    RecordTxn records = txn.records();
    records.prefetch(mentions.keySet().stream().map(SliceReferences::ref).toArray(Ref[]::new));
    mentions.forEach(
        (slice, n) -> {
          long[] others = records.get(Records.SLICE_REF, slice);
          records.add(Records.SLICE_REF, slice, (long) -n);
          if ((others == null ? 0 : others[0]) - n < 0) {
            txn.effects().freedSlice(slice);
          }
        });
  }

  private static Ref ref(SliceId slice) {
    return new Ref.OfCounter<>(Records.SLICE_REF, slice);
  }

  /** How often each slice is named; holes are not slices. */
  static Map<SliceId, Integer> count(Collection<Slice> records) {
    Map<SliceId, Integer> mentions = new LinkedHashMap<>();
    for (Slice record : records) {
      if (!record.isHole()) {
        mentions.merge(new SliceId(record.id(), record.size()), 1, Integer::sum);
      }
    }
    return mentions;
  }
}
