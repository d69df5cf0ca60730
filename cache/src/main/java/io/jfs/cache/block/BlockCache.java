package io.jfs.cache.block;

import io.jfs.cache.page.Page;
import io.jfs.cache.page.PageSlice;
import org.jspecify.annotations.Nullable;

/**
 * Keeps plain blocks near. It may forget anything at any time; trouble of its own (a disk gone, a
 * damaged file) is a miss, never an error and never a wrong byte. Thread safe.
 */
public interface BlockCache extends AutoCloseable {
  /** How much a caller wants a block to be kept. */
  enum Admission {
    /** Drop it if the cache is busy. */
    OPTIONAL,
    /** Wait for a place. */
    FORCED
  }

  /** A cache that keeps nothing. */
  BlockCache NONE = new NoBlockCache();

  /** Whether anything is ever kept. */
  boolean isEnabled();

  /**
   * The bytes [off, off + len) of a block, or null if they are not here. The caller owns the answer
   * and closes it.
   */
  @Nullable PageSlice read(BlockKey key, int off, int len);

  /** Whether the block is here. */
  boolean contains(BlockKey key);

  /** Where the block is, for people: a folder, or the word memory. Null if it is not here. */
  @Nullable String place(BlockKey key);

  /**
   * Keeps a block, mostly later and on another thread.
   *
   * @param block holds the block's bytes at its start; BORROWED: the cache takes a share of its own
   */
  void put(BlockKey key, Page block, Admission admission);

  /** Forgets a block. */
  void remove(BlockKey key);

  /** Number of blocks here. */
  long blockCount();

  /** Bytes that they take. */
  long usedBytes();

  /** Memory that it takes from the budget for data, in bytes. */
  long memoryBytes();

  /** Where blocks can wait for their upload; null if this cache has no disk. */
  @Nullable StagingArea staging();

  /** Gives all memory back, after writing what is still on its way to disk. */
  @Override
  void close();
}
