package io.jfs.cli.admin;

import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.model.FsException;
import io.jfs.vfs.compact.Compactor;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compacts chunks, several at once, each until nothing is left to do. */
public final class ChunkCompaction implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ChunkCompaction.class);
  private static final int MOST_ROUNDS = 100;

  private final Compactor compactor;
  private final Runnable progress;
  private final Crew crew;
  private final AtomicLong compacted = new AtomicLong();

  /**
   * Compacts with {@code compactor}.
   *
   * @param progress told of every chunk
   */
  public ChunkCompaction(Compactor compactor, int threads, Runnable progress) {
    this.compactor = compactor;
    this.progress = progress;
    this.crew = new Crew("jfs-gc-compact", threads);
  }

  /** Compacts a chunk some time before {@link #finish} returns. */
  public void add(ChunkKey chunk) {
    crew.add(() -> compact(chunk));
  }

  private void compact(ChunkKey chunk) {
    try {
      int rounds = 0;
      while (rounds < MOST_ROUNDS && compactor.compact(chunk.ino(), chunk.index())) {
        rounds++;
      }
      if (rounds > 0) {
        compacted.incrementAndGet();
      }
      progress.run();
    } catch (FsException | IOException | RuntimeException e) {
      log.warn(
          "cannot compact chunk {} of inode {}: {}", chunk.index(), chunk.ino(), e.getMessage());
    }
  }

  /**
   * Waits for all.
   *
   * @return how many chunks have fewer slices now
   */
  public long finish() {
    crew.finish();
    return compacted.get();
  }

  @Override
  public void close() {
    crew.close();
  }
}
