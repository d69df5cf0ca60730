package io.jfs.meta.ops;

import io.jfs.meta.model.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which bytes of a chunk are visible: the one place that lays slice records over each other, for
 * readers, copies and compaction. Later records hide earlier ones; what no record covers is zeros.
 * Metadata spec 1.3.
 */
public final class SliceOverlay {
  private final TreeMap<Integer, Slice> visible = new TreeMap<>();

  private SliceOverlay() {}

  /**
   * The visible pieces in order of position, without gaps, from 0 to the end of the last record.
   * What no record covers is a hole whose size is its length. Pieces of one slice are not joined.
   */
  public static List<Slice> pieces(List<Slice> records) {
    if (records.isEmpty()) {
      return List.of();
    }
    SliceOverlay overlay = new SliceOverlay();
    records.forEach(overlay::lay);
    Map.Entry<Integer, Slice> last = overlay.visible.lastEntry();
    return last == null ? List.of() : overlay.between(0, last.getValue().end());
  }

  /**
   * The visible pieces of [{@code from}, {@code to}) of the chunk, cut at both ends, without gaps;
   * behind the last record there are zeros.
   */
  public static List<Slice> pieces(List<Slice> records, int from, int to) {
    SliceOverlay overlay = new SliceOverlay();
    records.forEach(overlay::lay);
    return overlay.between(from, to);
  }

  /** The part of a piece that lies in [{@code from}, {@code to}), which must overlap it. */
  public static Slice cut(Slice piece, int from, int to) {
    int start = Math.max(piece.pos(), from);
    int end = Math.min(piece.end(), to);
    return new Slice(
        start, piece.id(), piece.size(), piece.off() + (start - piece.pos()), end - start);
  }

  private void lay(Slice record) {
    if (record.len() <= 0) {
      return;
    }
    Map.Entry<Integer, Slice> before = visible.lowerEntry(record.pos());
    if (before != null && before.getValue().end() > record.pos()) {
      Slice hidden = before.getValue();
      visible.put(hidden.pos(), cut(hidden, hidden.pos(), record.pos()));
      keepTail(hidden, record.end());
    }
    Map.Entry<Integer, Slice> next = visible.ceilingEntry(record.pos());
    while (next != null && next.getKey() < record.end()) {
      visible.remove(next.getKey());
      keepTail(next.getValue(), record.end());
      next = visible.higherEntry(next.getKey());
    }
    visible.put(record.pos(), record);
  }

  private void keepTail(Slice hidden, int from) {
    if (hidden.end() > from) {
      visible.put(from, cut(hidden, from, hidden.end()));
    }
  }

  private List<Slice> between(int from, int to) {
    List<Slice> pieces = new ArrayList<>();
    int at = from;
    Integer first = visible.floorKey(from);
    for (Slice piece : visible.tailMap(first == null ? from : first, true).values()) {
      if (piece.pos() >= to || from >= to) {
        break;
      }
      if (piece.end() <= from) {
        continue;
      }
      if (piece.pos() > at) {
        pieces.add(gap(at, piece.pos()));
      }
      Slice shown = cut(piece, from, to);
      pieces.add(shown);
      at = shown.end();
    }
    if (at < to) {
      pieces.add(gap(at, to));
    }
    return pieces;
  }

  private static Slice gap(int from, int to) {
    return new Slice(from, 0, to - from, 0, to - from);
  }
}
