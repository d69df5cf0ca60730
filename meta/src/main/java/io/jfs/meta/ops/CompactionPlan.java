package io.jfs.meta.ops;

import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.model.Slice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a compaction of one chunk would do: replace some of its oldest records by one new slice.
 * Metadata spec 7.4.
 *
 * @param chunk which
 * @param head the records at the beginning of the chunk that the plan was made from
 * @param skipped how many of them stay as they are, because rewriting them would not pay
 * @param pos where the new slice will lie in the chunk
 * @param size length of the new slice in bytes
 * @param pieces what to fill it with, in order, without gaps, from {@code pos} on; holes are zeros
 */
public record CompactionPlan(
    ChunkKey chunk, List<Slice> head, int skipped, int pos, int size, List<Slice> pieces) {
  private static final int WORTH_KEEPING_BYTES = 1 << 20;

  /** Copies the lists. */
  public CompactionPlan {
    head = List.copyOf(head);
    pieces = List.copyOf(pieces);
  }

  /**
   * A plan for the first {@code maxRecords} records of a chunk; null if there is nothing to gain.
   */
  public static @Nullable CompactionPlan of(ChunkKey chunk, List<Slice> records, int maxRecords) {
    List<Slice> head = records.subList(0, Math.min(records.size(), maxRecords));
    int skipped = 0;
    Visible visible = Visible.of(head);
    while (skipped < head.size() && isWorthKeeping(head, skipped, visible)) {
      skipped++;
      visible = Visible.of(head.subList(skipped, head.size()));
    }
    if (head.size() - skipped < 2 || visible.size == 0) {
      return null;
    }
    return new CompactionPlan(chunk, head, skipped, visible.pos, visible.size, visible.pieces);
  }

  /** The record that will stand for the replaced ones. */
  public Slice compacted(long newSliceId) {
    return new Slice(pos, newSliceId, size, 0, size);
  }

  /** The records that the new slice replaces. */
  public List<Slice> replaced() {
    return head.subList(skipped, head.size());
  }

  private static boolean isWorthKeeping(List<Slice> head, int skipped, Visible visible) {
    Slice first = head.get(skipped);
    return first.len() >= WORTH_KEEPING_BYTES
        && 5L * first.len() >= visible.size
        && visible.pieces.get(0).equals(first)
        && !head.subList(skipped + 1, head.size()).contains(first);
  }

  /** What records show, without holes at both ends. */
  private record Visible(int pos, int size, List<Slice> pieces) {
    static Visible of(List<Slice> records) {
      List<Slice> pieces = SliceOverlay.pieces(records);
      int from = 0;
      int to = pieces.size();
      while (to - from > 1 && pieces.get(from).isHole()) {
        from++;
      }
      while (to - from > 1 && pieces.get(to - 1).isHole()) {
        to--;
      }
      if (from == to) {
        return new Visible(0, 0, List.of());
      }
      List<Slice> kept = pieces.subList(from, to);
      Slice first = kept.get(0);
      if (kept.size() == 1 && first.isHole()) {
        kept = List.of(new Slice(first.pos(), 0, 1, 0, 1));
      }
      int end = kept.get(kept.size() - 1).end();
      return new Visible(kept.get(0).pos(), end - kept.get(0).pos(), kept);
    }
  }
}
