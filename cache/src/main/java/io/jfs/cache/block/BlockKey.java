package io.jfs.cache.block;

import org.jspecify.annotations.Nullable;

/**
 * Identity of a block: part {@code index} of slice {@code id}.
 *
 * @param id slice id
 * @param index number of the block in its slice
 * @param sizeBytes plain length (before compression and encryption)
 */
public record BlockKey(long id, int index, int sizeBytes) {
  /** The last part of the block's name, the same in every layout: {@code id_index_size}. */
  public String baseName() {
    return id + "_" + index + "_" + sizeBytes;
  }

  /** Reads a base name; null if it is none. */
  public static @Nullable BlockKey parseBaseName(String baseName) {
    int first = baseName.indexOf('_');
    int second = baseName.indexOf('_', first + 1);
    if (first <= 0 || second < 0) {
      return null;
    }
    try {
      long id = Long.parseUnsignedLong(baseName, 0, first, 10);
      int index = Integer.parseInt(baseName, first + 1, second, 10);
      int size = Integer.parseInt(baseName, second + 1, baseName.length(), 10);
      BlockKey key = new BlockKey(id, index, size);
      return id >= 0 && index >= 0 && size >= 0 && key.baseName().equals(baseName) ? key : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  @Override
  public int hashCode() {
    long mixed = (id * 31 + index) * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 32) ^ sizeBytes;
  }
}
