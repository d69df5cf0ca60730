package io.jfs.cache.block;

import io.jfs.cache.page.Page;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Blocks on a local disk whose object does not exist yet (data format 3.6). They are durable, can
 * be read like cached blocks, and stay until {@link #uploaded} or {@link #drop}. Thread safe.
 */
public interface StagingArea {
  /**
   * A block that waits.
   *
   * @param key which
   * @param since when it was staged
   */
  record Staged(BlockKey key, Instant since) {}

  /** Whether a block was staged. */
  enum Outcome {
    /** It is on disk, and survives a power cut. */
    STAGED,
    /** The disk is full, busy or ill: upload it instead. */
    REFUSED
  }

  /**
   * Stages a block; returns once it is durable.
   *
   * @param block holds the block's bytes at its start; BORROWED
   */
  Outcome stage(BlockKey key, Page block);

  /** The blocks that were staged when this area was opened, oldest first. Reads the disk. */
  List<Staged> scan();

  /**
   * The whole staged block, checked, at the start of a page that the caller owns; null if it is not
   * staged any more.
   *
   * @throws IOException if the disk fails or the file is damaged
   */
  @Nullable Page load(BlockKey key) throws IOException;

  /** The object exists now: the block becomes an ordinary cached one. */
  void uploaded(BlockKey key);

  /** The block is not wanted any more. */
  void drop(BlockKey key);

  /** Number of blocks that wait. */
  long stagedBlocks();

  /** Bytes of those. */
  long stagedBytes();

  /** Whether disk space is short, so that uploads should not be put off. */
  boolean isSpaceShort();
}
