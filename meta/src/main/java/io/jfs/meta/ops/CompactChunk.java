package io.jfs.meta.ops;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.DelayedSlice;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.SliceId;
import io.jfs.meta.record.Records;
import java.util.ArrayList;
import java.util.List;

/**
 * Replacing a chunk's oldest records by one slice that shows the same bytes. Metadata spec 7.4.
 *
 * <p>The attributes are rewritten unchanged: other clients' copies observe only them, and must fail
 * rather than share a slice that this transaction frees (ADR 0006).
 */
public final class CompactChunk {
  /** What became of it. */
  public enum Result {
    /** The new slice stands for the replaced ones. */
    COMMITTED,
    /** The chunk has changed meanwhile; the new slice is garbage. */
    WASTED
  }

  /** What becomes of the replaced slices. */
  public enum Replaced {
    /** They stay until the trash expires. */
    DELAYED,
    /** They go now. */
    FREED
  }

  private CompactChunk() {}

  /**
   * Carries a plan out.
   *
   * @param newSliceId the slice that was written as the plan says; its bytes are durable
   */
  public static Result commit(
      MetaTxn txn, CompactionPlan plan, long newSliceId, Replaced replaced) {
    Attr attr = txn.attr(plan.chunk().ino());
    List<Slice> records = txn.records().read(Records.CHUNK, plan.chunk());
    Slice compacted = plan.compacted(newSliceId);
    if (txn.maybeApplied() && records.contains(compacted)) {
      return Result.COMMITTED;
    }
    if (attr == null || !startsWith(records, plan.head())) {
      waste(txn, compacted);
      return Result.WASTED;
    }
    List<Slice> kept = new ArrayList<>(plan.head().subList(0, plan.skipped()));
    kept.add(compacted);
    txn.records().replaceHead(Records.CHUNK, plan.chunk(), plan.head().size(), kept);
    txn.put(plan.chunk().ino(), attr);
    if (replaced == Replaced.FREED) {
      SliceReferences.drop(txn, plan.replaced());
    } else {
      delay(txn, plan.replaced(), newSliceId);
    }
    txn.logChange(
        "COMPACTCHUNK",
        null,
        plan.chunk().ino(),
        plan.chunk().index(),
        plan.skipped(),
        plan.replaced().size(),
        compacted.pos(),
        compacted.id(),
        compacted.size());
    return Result.COMMITTED;
  }

  private static boolean startsWith(List<Slice> records, List<Slice> head) {
    return records.size() >= head.size() && records.subList(0, head.size()).equals(head);
  }

  /**
   * After a lost answer it may be in use: replaced in its turn, and shared by a copy. Then it is
   * left to gc.
   */
  private static void waste(MetaTxn txn, Slice compacted) {
    if (!txn.maybeApplied()) {
      SliceId slice = new SliceId(compacted.id(), compacted.size());
      txn.records().set(Records.SLICE_REF, slice, -1);
      txn.effects().freedSlice(slice);
    }
  }

  private static void delay(MetaTxn txn, List<Slice> replaced, long newSliceId) {
    List<SliceId> mentions = new ArrayList<>();
    for (Slice record : replaced) {
      if (!record.isHole()) {
        mentions.add(new SliceId(record.id(), record.size()));
      }
    }
    if (!mentions.isEmpty()) {
      DelayedSlice row = new DelayedSlice(newSliceId, txn.now().seconds());
      txn.records().put(Records.DELAYED_SLICES, row, mentions);
    }
  }
}
