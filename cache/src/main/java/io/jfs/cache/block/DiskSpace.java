package io.jfs.cache.block;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells how full the file system under a folder is. */
@FunctionalInterface
public interface DiskSpace {
  /**
   * How full it is. Counts of inodes are 0 where they are unknown or without limit.
   *
   * @param totalBytes size
   * @param freeBytes free for this user
   * @param totalInodes inodes there are
   * @param freeInodes inodes left
   */
  record Fill(long totalBytes, long freeBytes, long totalInodes, long freeInodes) {
    /** Free share of space, or of inodes if that is less. */
    double freeRatio() {
      double space = totalBytes == 0 ? 1 : (double) freeBytes / totalBytes;
      double inodes = totalInodes == 0 ? 1 : (double) freeInodes / totalInodes;
      return Math.min(space, inodes);
    }
  }

  /** Measures the file system that holds {@code folder}. */
  Fill measure(Path folder) throws IOException;

  /** Asks the JDK, which knows nothing of inodes. */
  static DiskSpace ofJdk() {
    return folder -> {
      FileStore store = Files.getFileStore(folder);
      return new Fill(store.getTotalSpace(), store.getUsableSpace(), 0, 0);
    };
  }
}
