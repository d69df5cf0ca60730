package io.jfs.vfs;

/**
 * What a mount may set about files, names and caches. Defaults are those of the reference client
 * (vfs-cli spec 2.2 and 3.6, data spec 3.1).
 *
 * @param timeouts how long the kernel may believe answers
 * @param openCacheMillis how long open and getattr may answer from this client's memory; 0: never
 * @param cacheListings the kernel may cache listings (--readdir-cache)
 * @param blockSizeBytes the volume's block size
 * @param maxReadAheadBytes most bytes read ahead per stream
 * @param ioRetries how often a read that fails is tried again
 * @param putTimeoutMillis how long one upload may take; a flush cannot be interrupted before twice
 *     that
 * @param virtualNames how the virtual files are named
 * @param virtualListing whether listings of the root show them
 * @param view which part of the volume is mounted
 */
public record VfsConfig(
    CacheTimeouts timeouts,
    long openCacheMillis,
    boolean cacheListings,
    int blockSizeBytes,
    int maxReadAheadBytes,
    int ioRetries,
    long putTimeoutMillis,
    VirtualNames virtualNames,
    VirtualListing virtualListing,
    View view) {

  /** Names of the virtual files. */
  public enum VirtualNames {
    /** {@code .stats}. */
    PLAIN,
    /** {@code .jfs.stats}: --prefix-internal. */
    PREFIXED
  }

  /** Whether a listing of the root shows the virtual files. */
  public enum VirtualListing {
    SHOWN,
    /** --hide-internal: lookup still finds them. */
    HIDDEN
  }

  /** What is mounted. */
  public enum View {
    WHOLE_VOLUME,
    /** --subdir: there is no trash in it. */
    SUBDIRECTORY
  }

  /** The defaults, for a volume with this block size. */
  public static VfsConfig defaults(int blockSizeBytes) {
    return new VfsConfig(
        CacheTimeouts.DEFAULT,
        0,
        false,
        blockSizeBytes,
        8 * blockSizeBytes,
        10,
        60_000,
        VirtualNames.PLAIN,
        VirtualListing.SHOWN,
        View.WHOLE_VOLUME);
  }

  /** The same with another number of tries. */
  public VfsConfig withIoRetries(int retries) {
    return new VfsConfig(
        timeouts,
        openCacheMillis,
        cacheListings,
        blockSizeBytes,
        maxReadAheadBytes,
        retries,
        putTimeoutMillis,
        virtualNames,
        virtualListing,
        view);
  }
}
