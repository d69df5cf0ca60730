package io.jfs.meta;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.record.Records.Sequence;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * New inode numbers, from batches that this client owns. The next batch is fetched in the
 * background before the current one runs out, so that creating seldom waits for it. Numbers that
 * are not used are lost. Thread safe.
 */
final class InodeIds {
  /** Numbers per batch (metadata spec section 0). */
  static final int BATCH = 1024;

  private static final Logger LOG = LoggerFactory.getLogger(InodeIds.class);
  private static final int LOW_WATER = BATCH / 4;

  private final Operations operations;
  private final Executor background;

  @GuardedBy("this")
  private long next;

  @GuardedBy("this")
  private int left;

  /** First number of the batch that waits to be used; 0 if none. */
  @GuardedBy("this")
  private long reserve;

  @GuardedBy("this")
  private boolean fetching;

  InodeIds(Operations operations, Executor background) {
    this.operations = operations;
    this.background = background;
  }

  /**
   * A number that no other inode has.
   *
   * @throws FsException ENOSPC, EROFS
   */
  synchronized Ino next() throws FsException {
    if (left == 0) {
      next = reserve != 0 ? reserve : allocate();
      left = BATCH;
      reserve = 0;
    }
    left--;
    if (left < LOW_WATER && reserve == 0 && !fetching) {
      fetchAhead();
    }
    return new Ino(next++);
  }

  @GuardedBy("this")
  private void fetchAhead() {
    fetching = true;
    try {
      background.execute(this::fetchReserve);
    } catch (RejectedExecutionException e) {
      fetching = false; // The client is closing.
    }
  }

  private void fetchReserve() {
    long first = 0;
    try {
      first = allocate();
    } catch (FsException | RuntimeException e) {
      LOG.warn("no inode numbers ahead of need: {}", e.toString());
    }
    synchronized (this) {
      reserve = first;
      fetching = false;
    }
  }

  private long allocate() throws FsException {
    return operations.allocate(Sequence.INODE, BATCH);
  }
}
