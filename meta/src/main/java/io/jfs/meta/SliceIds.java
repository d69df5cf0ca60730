package io.jfs.meta;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.meta.model.FsException;
import io.jfs.meta.record.Records.Sequence;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.EngineException;

/**
 * New slice ids, from batches that this client owns. Ids that are not used are lost. A batch is
 * durable before the first of it is used: objects and cached blocks have the names of slices, and a
 * name must not be given twice, even if a power loss undoes the file.
 */
final class SliceIds {
  /** Ids per batch (metadata spec section 0). */
  private static final int BATCH = 4096;

  private final Operations operations;
  private final Engine engine;

  @GuardedBy("this")
  private long next;

  @GuardedBy("this")
  private int left;

  SliceIds(Operations operations, Engine engine) {
    this.engine = engine;
    this.operations = operations;
  }

  synchronized long next() {
    if (left == 0) {
      next = allocate();
      left = BATCH;
    }
    left--;
    return next++;
  }

  private long allocate() {
    try {
      long first = operations.allocate(Sequence.SLICE, BATCH);
      engine.sync();
      return first;
    } catch (FsException e) {
      throw new EngineException(EngineException.Kind.FULL, "no slice ids: " + e.getMessage(), e);
    }
  }
}
