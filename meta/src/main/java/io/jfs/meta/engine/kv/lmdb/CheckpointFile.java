package io.jfs.meta.engine.kv.lmdb;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code checkpoint} beside the data file: two places that are written in turn, each write
 * durable when it returns, so that one of them is always whole. In place instead of renamed: that
 * takes one flush and no space. Its lock is that of all processes that open the database or make a
 * checkpoint. Confined to whoever holds the {@link Checkpointer}.
 */
class CheckpointFile implements AutoCloseable {
  private static final String NAME = "checkpoint";
  private static final int PLACE_BYTES = 4096;

  private final Path path;
  private final RandomAccessFile file;
  private FileChannel lockChannel;
  private long lastWritten = -1;

  /** Opens the file of a directory; makes an empty one if there is none. */
  CheckpointFile(Path directory) throws IOException {
    this.path = in(directory);
    this.file = new RandomAccessFile(path.toFile(), "rwd");
    this.lockChannel = openForLocking();
    if (file.length() < 2 * PLACE_BYTES) {
      file.write(new byte[2 * PLACE_BYTES]);
      flushDirectory(directory);
    }
  }

  static Path in(Path directory) {
    return directory.resolve(NAME);
  }

  private FileChannel openForLocking() throws IOException {
    return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static void flushDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Runs while no other process is opening the database or making a checkpoint. */
  <R> R locked(Body<R> body) throws IOException {
    FileLock lock = lock();
    try {
      return body.run();
    } finally {
      lock.release();
    }
  }

  /** What is done under the lock. */
  interface Body<R> {
    R run() throws IOException;
  }

  private FileLock lock() throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return lockChannel.lock();
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
          lockChannel = openForLocking();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * The newest whole checkpoint; null if there has never been one.
   *
   * @throws IOException if the file holds something else
   */
  @Nullable Checkpoint latest() throws IOException {
    byte[] first = read(0);
    byte[] second = read(1);
    Checkpoint one = Checkpoint.decode(first);
    Checkpoint two = Checkpoint.decode(second);
    if (one == null && two == null && !isBlank(first) && !isBlank(second)) {
      throw new IOException("the file checkpoint is corrupt");
    }
    return one == null || (two != null && two.sequence() > one.sequence()) ? two : one;
  }

  private byte[] read(int place) throws IOException {
    byte[] bytes = new byte[Checkpoint.BYTES];
    file.seek((long) place * PLACE_BYTES);
    file.readFully(bytes);
    return bytes;
  }

  private static boolean isBlank(byte[] bytes) {
    for (byte b : bytes) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Writes a checkpoint over the older of the two; durable on return.
   *
   * @param latest what {@link #latest()} says, while the lock is held
   */
  void write(@Nullable Checkpoint latest, Checkpoint checkpoint) throws IOException {
    if (latest != null && latest.sequence() != lastWritten) {
      put(latest); // whoever wrote it may have been killed before it was durable
    }
    put(checkpoint);
    lastWritten = checkpoint.sequence();
  }

  private void put(Checkpoint checkpoint) throws IOException {
    file.seek((checkpoint.sequence() & 1) * PLACE_BYTES);
    file.write(checkpoint.encode());
  }

  @Override
  public void close() throws IOException {
    try {
      lockChannel.close();
    } finally {
      file.close();
    }
  }
}
