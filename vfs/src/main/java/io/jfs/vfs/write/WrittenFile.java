package io.jfs.vfs.write;

import io.jfs.meta.Meta.ChunkSlice;
import io.jfs.meta.model.Attr;
import java.util.List;

/** What a writer must know of its file, and tells it. */
public interface WrittenFile {
  /** Length in metadata as this client last saw it. */
  long committedLengthBytes();

  /** The storage tier of what is written, as this client last saw it. */
  int storageTier();

  /**
   * Slices have been named by metadata. Called before they stop counting as pending, so that who
   * looks meanwhile sees them in one of both.
   *
   * @param attr attributes afterwards
   */
  void committed(Attr attr, List<ChunkSlice> slices);

  /** What was pending has become less. */
  default void stored() {}
}
