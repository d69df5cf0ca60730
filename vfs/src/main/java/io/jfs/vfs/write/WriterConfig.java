package io.jfs.vfs.write;

/**
 * Sizes and times of writing.
 *
 * @param blockSizeBytes the volume's block size
 * @param idleMillis an open slice that was not written for that long is sent off
 * @param maxAgeMillis an open slice older than that is sent off
 * @param flushTimeoutMillis how long a flush waits before it gives up with EIO
 * @param uninterruptibleMillis how long a flush waits before a signal may end it
 */
record WriterConfig(
    int blockSizeBytes,
    long idleMillis,
    long maxAgeMillis,
    long flushTimeoutMillis,
    long uninterruptibleMillis) {
  private static final long FIVE_MINUTES = 300_000;

  static WriterConfig of(int blockSizeBytes, int retries, long putTimeoutMillis) {
    long patience = (retries + 2L) * (retries + 2L) * 500;
    return new WriterConfig(
        blockSizeBytes, 1000, 5000, Math.max(FIVE_MINUTES, patience), 2 * putTimeoutMillis);
  }
}
