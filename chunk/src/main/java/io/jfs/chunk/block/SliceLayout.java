package io.jfs.chunk.block;

import io.jfs.cache.block.BlockKey;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * The blocks of one slice (data format 1.1): all of block size but the last.
 *
 * @param id slice id
 * @param sizeBytes full length of the slice
 * @param blockSizeBytes block size of the volume
 */
public record SliceLayout(long id, int sizeBytes, int blockSizeBytes) {
  /** Number of blocks; none for an empty slice. */
  public int blockCount() {
    return (int) (((long) sizeBytes + blockSizeBytes - 1) / blockSizeBytes);
  }

  /** The {@code index}-th block. */
  public BlockKey block(int index) {
    Objects.checkIndex(index, blockCount());
    long start = (long) index * blockSizeBytes;
    return new BlockKey(id, index, (int) Math.min(blockSizeBytes, sizeBytes - start));
  }

  /** The block that holds byte {@code off} of the slice. */
  public BlockKey blockAt(int off) {
    return block(off / blockSizeBytes);
  }

  /** All blocks in order. */
  public List<BlockKey> blocks() {
    return IntStream.range(0, blockCount()).mapToObj(this::block).toList();
  }
}
