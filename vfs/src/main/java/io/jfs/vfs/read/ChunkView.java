package io.jfs.vfs.read;

import io.jfs.meta.model.Slice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What of a chunk's slices is visible: pieces from left to right without overlap; what lies between
 * and behind them is zeros. Immutable. Data specification 4.1.
 */
final class ChunkView {
  static final ChunkView EMPTY = new ChunkView(List.of());

  private final int[] starts;
  private final Slice[] pieces;

  private ChunkView(List<Slice> pieces) {
    this.pieces = pieces.toArray(new Slice[0]);
    this.starts = new int[pieces.size()];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = this.pieces[i].pos();
    }
  }

  /** The view of slices in write order: later ones hide earlier ones. */
  static ChunkView of(List<Slice> written) {
    if (written.isEmpty()) {
      return EMPTY;
    }
    TreeMap<Integer, Slice> visible = new TreeMap<>();
    for (Slice slice : written) {
      if (slice.len() > 0) {
        lay(visible, slice);
      }
    }
    List<Slice> pieces = new ArrayList<>(visible.values());
    pieces.removeIf(Slice::isHole);
    return new ChunkView(pieces);
  }

  private static void lay(NavigableMap<Integer, Slice> visible, Slice slice) {
    Map.Entry<Integer, Slice> before = visible.floorEntry(slice.pos());
    int first =
        before != null && before.getValue().end() > slice.pos() ? before.getKey() : slice.pos();
    List<Slice> hidden = new ArrayList<>(visible.subMap(first, true, slice.end(), false).values());
    for (Slice old : hidden) {
      visible.remove(old.pos());
      if (old.pos() < slice.pos()) {
        visible.put(old.pos(), part(old, old.pos(), slice.pos()));
      }
      if (old.end() > slice.end()) {
        visible.put(slice.end(), part(old, slice.end(), old.end()));
      }
    }
    visible.put(slice.pos(), slice);
  }

  private static Slice part(Slice slice, int from, int to) {
    return new Slice(from, slice.id(), slice.size(), slice.off() + (from - slice.pos()), to - from);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChunkView view && Arrays.equals(pieces, view.pieces);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(pieces);
  }

  /** Number of pieces with data. */
  int size() {
    return pieces.length;
  }

  /** The piece with this number, from the left. */
  Slice piece(int number) {
    return pieces[number];
  }

  /** The number of the first piece that ends behind {@code pos}; {@link #size()} if none does. */
  int firstEndingBehind(int pos) {
    int low = 0;
    int high = starts.length;
    while (low < high) { // the first piece that starts behind pos
      int mid = (low + high) >>> 1;
      if (starts[mid] > pos) {
        high = mid;
      } else {
        low = mid + 1;
      }
    }
    return low > 0 && pieces[low - 1].end() > pos ? low - 1 : low;
  }
}
