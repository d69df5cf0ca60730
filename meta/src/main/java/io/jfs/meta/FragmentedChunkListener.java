package io.jfs.meta;

import io.jfs.meta.model.Ino;

/**
 * Told after each committed write how many records a chunk has now, as far as the engine says so;
 * decides whether the chunk is worth compacting. Metadata spec 6.11: {@code n % 100 == 99} or
 * {@code n > 350}. Must return at once.
 */
@FunctionalInterface
public interface FragmentedChunkListener {
  /** {@code records} is the number of slice records of the chunk after the write. */
  void chunkGrew(Ino ino, int index, int records);
}
