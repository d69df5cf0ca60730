package io.jfs.vfs.read;

import io.jfs.meta.model.Slice;
import io.jfs.meta.ops.SliceOverlay;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
    List<Slice> pieces = new ArrayList<>(SliceOverlay.pieces(written));
    pieces.removeIf(Slice::isHole);
    return new ChunkView(pieces);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChunkView view && Arrays.equals(pieces, view.pieces);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(pieces);
  }

  /** Number of bytes that are not zeros of a hole. */
  long dataBytes() {
    long bytes = 0;
    for (Slice piece : pieces) {
      bytes += piece.len();
    }
    return bytes;
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
