package io.jfs.cache.block;

/** What the index knows of one cached block. */
final class CachedBlock {
  /** What a cached block costs beyond its own bytes. */
  static final int OVERHEAD_BYTES = 4096;

  private final int sizeBytes;
  private final boolean staged;
  private volatile int lastUsedSeconds;

  CachedBlock(int sizeBytes, boolean staged, int lastUsedSeconds) {
    this.sizeBytes = sizeBytes;
    this.staged = staged;
    this.lastUsedSeconds = lastUsedSeconds;
  }

  /** Whether this copy is the only one: it has not been uploaded yet. */
  boolean isStaged() {
    return staged;
  }

  int lastUsedSeconds() {
    return lastUsedSeconds;
  }

  void used(int nowSeconds) {
    lastUsedSeconds = nowSeconds;
  }

  /** Bytes counted against the capacity. */
  long accountedBytes() {
    return staged ? 0 : (long) sizeBytes + OVERHEAD_BYTES;
  }
}
