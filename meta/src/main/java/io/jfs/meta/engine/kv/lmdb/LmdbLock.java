package io.jfs.meta.engine.kv.lmdb;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The lock by which LMDB knows whether any process has a database open: byte 0 of lock.mdb. */
final class LmdbLock {
  private LmdbLock() {}

  /** Whether no process has it open. This one must not: its own lock would go. */
  static boolean isFree(Path directory) throws IOException {
    try (FileChannel channel =
            FileChannel.open(
                directory.resolve("lock.mdb"), StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock(0, 1, false)) {
      return lock != null;
    } catch (NoSuchFileException e) {
      return true;
    }
  }
}
