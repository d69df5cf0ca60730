package io.jfs.cache.block;

import io.jfs.cache.page.Page;
import io.jfs.cache.page.PageSlice;
import org.jspecify.annotations.Nullable;

/** Keeps nothing. */
final class NoBlockCache implements BlockCache {
  @Override
  public boolean isEnabled() {
    return false;
  }

  @Override
  public @Nullable PageSlice read(BlockKey key, int off, int len) {
    return null;
  }

  @Override
  public boolean contains(BlockKey key) {
    return false;
  }

  @Override
  public @Nullable String place(BlockKey key) {
    return null;
  }

  @Override
  public void put(BlockKey key, Page block, Admission admission) {}

  @Override
  public void remove(BlockKey key) {}

  @Override
  public @Nullable StagingArea staging() {
    return null;
  }

  @Override
  public long blockCount() {
    return 0;
  }

  @Override
  public long usedBytes() {
    return 0;
  }

  @Override
  public long memoryBytes() {
    return 0;
  }

  @Override
  public void close() {}
}
