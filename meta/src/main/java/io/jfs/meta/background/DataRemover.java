package io.jfs.meta.background;

import io.jfs.meta.Operations;
import io.jfs.meta.SliceReaper;
import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.model.DelayedSlice;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.SliceId;
import io.jfs.meta.ops.DeleteData;
import io.jfs.meta.ops.Effects;
import io.jfs.meta.record.Records.DeletedFile;
import io.jfs.meta.txn.EngineException;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the data of files and slices that nobody refers to any more: references first, then
 * objects, then the record that remembers the work. Whatever is dropped, refused or interrupted is
 * found again by the hourly jobs. Metadata spec 7.3.
 */
public final class DataRemover {
  private static final Logger LOG = LoggerFactory.getLogger(DataRemover.class);

  private final Operations operations;
  private final JobRunner jobs;
  private final SliceReaper reaper;
  private final boolean deletesObjects;

  /**
   * A remover whose work runs on {@code jobs}.
   *
   * @param deletesObjects whether this client deletes objects; the slices wait for another one
   *     otherwise
   */
  public DataRemover(
      Operations operations, JobRunner jobs, SliceReaper reaper, boolean deletesObjects) {
    this.deletesObjects = deletesObjects;
    this.operations = operations;
    this.jobs = jobs;
    this.reaper = reaper;
  }

  /** Queues what a committed operation freed. */
  public void accept(Effects effects) {
    for (Effects.DeletedFile file : effects.deletedFiles()) {
      soon(() -> remove(new DeletedFile(file.ino(), file.lengthBytes())));
    }
    for (SliceId slice : effects.freedSlices()) {
      soon(() -> remove(slice));
    }
  }

  private void soon(Runnable task) {
    if (!jobs.soon(task)) {
      LOG.debug("deletion is left to the hourly job");
    }
  }

  /** Removes a deleted file's data now. */
  public void remove(DeletedFile file) {
    try {
      Ino ino = file.ino();
      for (int index : operations.read(txn -> DeleteData.chunks(txn, file))) {
        ChunkKey chunk = new ChunkKey(ino, index);
        boolean gone = false;
        while (!gone) {
          gone = operations.change(ino, txn -> DeleteData.chunk(txn, chunk));
        }
      }
      operations.run(ino, txn -> DeleteData.forget(txn, file));
    } catch (FsException | EngineException e) {
      LOG.warn("data of deleted inode {}: {}", file.ino(), e.getMessage());
    }
  }

  /**
   * Removes a chunk without an inode now.
   *
   * @return whether it is gone; false if its inode is there, or the engine failed
   */
  public boolean removeStray(ChunkKey chunk) {
    try {
      while (operations.<Boolean>read(txn -> txn.attr(chunk.ino()) == null)) {
        if (operations.change(chunk.ino(), txn -> DeleteData.strayChunk(txn, chunk))) {
          return true;
        }
      }
    } catch (FsException | EngineException e) {
      LOG.warn("chunk {} of missing inode {}: {}", chunk.index(), chunk.ino(), e.getMessage());
    }
    return false;
  }

  /** Ends what a compaction still keeps. */
  public void remove(DelayedSlice row) {
    try {
      boolean gone = false;
      while (!gone) {
        gone = operations.change(Ino.NONE, txn -> DeleteData.delayed(txn, row));
      }
    } catch (FsException | EngineException e) {
      LOG.warn("slices replaced by slice {}: {}", row.compactedId(), e.getMessage());
    }
  }

  /** Deletes a slice's objects now, if nobody refers to it. */
  public void remove(SliceId slice) {
    try {
      if (!deletesObjects || !operations.read(txn -> DeleteData.isFree(txn, slice))) {
        return;
      }
      reaper.remove(slice);
      operations.run(Ino.NONE, txn -> DeleteData.forget(txn, slice));
    } catch (IOException | FsException | EngineException e) {
      LOG.warn("objects of slice {}: {}", slice.id(), e.getMessage());
    }
  }

  /** Drops a count that says nothing: one reference is what an absent count means. */
  public void dropZero(SliceId slice) throws FsException {
    operations.run(Ino.NONE, txn -> DeleteData.dropZero(txn, slice));
  }
}
