package io.jfs.vfs.write;

import io.jfs.meta.model.Slice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The slices of one chunk that may still take writes, in order of creation, and the rule which of
 * them takes one. Used under its file's write lock.
 */
final class ChunkWriter {
  static final int CHUNK_SHIFT = Integer.numberOfTrailingZeros(Slice.CHUNK_BYTES);

  /** A slice that is older than so many newer ones is sent off. */
  private static final int MAX_NEWER = 4;

  private final List<OpenSlice> slices = new ArrayList<>();

  /** The outcome of looking for a place. */
  record Choice(@Nullable OpenSlice joins, List<OpenSlice> outdated) {}

  /**
   * Which slice takes a write of [at, at + len): newest first, the first that accepts its start;
   * none if a newer one, which would hide it, lies in its way.
   */
  Choice choose(int at, int len, int blockSizeBytes) {
    List<OpenSlice> outdated = List.of();
    for (int i = slices.size() - 1; i >= 0; i--) {
      OpenSlice slice = slices.get(i);
      if (slice.isOpen()) {
        if (slice.accepts(at, blockSizeBytes)) {
          return new Choice(slice, outdated);
        }
        if (slices.size() - 1 - i >= MAX_NEWER) {
          if (outdated.isEmpty()) {
            outdated = new ArrayList<>();
          }
          outdated.add(slice);
        }
      }
      if (slice.overlaps(at, (long) at + len)) {
        break;
      }
    }
    return new Choice(null, outdated);
  }

  /** Whether this is the newest slice, so that nothing can hide what is written to it. */
  boolean isNewest(OpenSlice slice) {
    return !slices.isEmpty() && slices.get(slices.size() - 1) == slice;
  }

  void add(OpenSlice slice) {
    forgetSealedHead();
    slices.add(slice);
  }

  /** Open slices, oldest first; a copy. */
  List<OpenSlice> open() {
    List<OpenSlice> open = new ArrayList<>(slices.size());
    for (OpenSlice slice : slices) {
      if (slice.isOpen()) {
        open.add(slice);
      }
    }
    return open;
  }

  /** Whether no slice takes writes any more. */
  boolean isClosed() {
    forgetSealedHead();
    return slices.isEmpty();
  }

  /** Sealed slices matter only to open ones that are older. */
  private void forgetSealedHead() {
    while (!slices.isEmpty() && !slices.get(0).isOpen()) {
      slices.remove(0);
    }
  }
}
