package io.jfs.meta.engine.kv.lmdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What keeps written bytes that were not flushed: the running kernel's page cache, for a file
 * system. While both are the same, everything written is there, whatever became of the writers.
 *
 * @param bootId the kernel's name for this start of the machine; empty if it has none
 * @param device the file system that holds the directory
 */
record Machine(String bootId, long device) {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  static Machine of(Path directory) {
    try {
      return new Machine(
          Files.readString(BOOT_ID).strip(), (Long) Files.getAttribute(directory, "unix:dev"));
    } catch (IOException | UnsupportedOperationException e) {
      return new Machine("", 0);
    }
  }

  /** Whether a power loss can be told from the death of a process. */
  boolean isKnown() {
    return !bootId.isEmpty();
  }

  /** Whether what was written then is there now, flushed or not. */
  boolean isStill(Machine earlier) {
    return isKnown() && equals(earlier);
  }
}
