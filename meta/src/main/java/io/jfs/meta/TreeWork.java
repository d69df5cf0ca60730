package io.jfs.meta;

import io.jfs.meta.model.FsException;

/**
 * How a whole tree is worked on.
 *
 * @param threads how many work at once, at least 1
 * @param progress is told how far it has come
 */
public record TreeWork(int threads, Progress progress) {
  /** By the caller alone, silently. */
  public static final TreeWork QUIET = new TreeWork(1, (found, done) -> {});

  /** Takes counts of entries, from any thread. */
  @FunctionalInterface
  public interface Progress {
    /**
     * More has been found, or done.
     *
     * @throws FsException to stop the work, which fails with it
     */
    void advance(long found, long done) throws FsException;
  }
}
