package io.jfs.vfs;

/**
 * What a mount may set about files, names and caches. Defaults are those of the reference client
 * (vfs-cli spec 2.2 and 3.6, data spec 3.1).
 *
 * @param timeouts how long the kernel may believe answers
 * @param openCacheMillis how long open and getattr may answer from this client's memory; 0: never
 * @param openCacheLimit most closed files whose attributes are remembered for that; 0: any number
 * @param cacheListings the kernel may cache listings (--readdir-cache)
 * @param listingOrder in which order listings come
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
    long openCacheLimit,
    boolean cacheListings,
    ListingOrder listingOrder,
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

  /** The order of names in a listing. */
  public enum ListingOrder {
    /** As the engine has them. */
    STORED,
    /** By their bytes: --sort-dir. */
    SORTED
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
        10_000,
        false,
        ListingOrder.STORED,
        blockSizeBytes,
        8 * blockSizeBytes,
        10,
        60_000,
        VirtualNames.PLAIN,
        VirtualListing.SHOWN,
        View.WHOLE_VOLUME);
  }

  /** The same with other trust in what is known of files at an open. */
  public VfsConfig withOpenCache(long millis, long limit) {
    return new VfsConfig(
        timeouts,
        millis,
        limit,
        cacheListings,
        listingOrder,
        blockSizeBytes,
        maxReadAheadBytes,
        ioRetries,
        putTimeoutMillis,
        virtualNames,
        virtualListing,
        view);
  }

  /** The same with another number of tries. */
  public VfsConfig withIoRetries(int retries) {
    return new VfsConfig(
        timeouts,
        openCacheMillis,
        openCacheLimit,
        cacheListings,
        listingOrder,
        blockSizeBytes,
        maxReadAheadBytes,
        retries,
        putTimeoutMillis,
        virtualNames,
        virtualListing,
        view);
  }
}
