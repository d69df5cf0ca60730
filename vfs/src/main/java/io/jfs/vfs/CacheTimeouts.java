package io.jfs.vfs;

/**
 * How long the kernel may believe an answer, in milliseconds. Attributes of virtual files are
 * believed for an hour.
 *
 * @param attrMillis attributes
 * @param entryMillis names of files
 * @param dirEntryMillis names of directories
 * @param negativeMillis names that do not exist; 0 = never
 */
public record CacheTimeouts(
    long attrMillis, long entryMillis, long dirEntryMillis, long negativeMillis) {
  /** The reference client's defaults (vfs-cli spec 2.2). */
  public static final CacheTimeouts DEFAULT = new CacheTimeouts(1000, 1000, 1000, 0);
}
