package io.jfs.meta;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FallocateMode;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.ops.CompactChunk;
import io.jfs.meta.ops.CompactionPlan;
import io.jfs.meta.ops.CopyRange;
import io.jfs.meta.ops.Fallocate;
import io.jfs.meta.ops.Truncate;
import io.jfs.meta.ops.WriteSlices;
import io.jfs.meta.record.Records;
import io.jfs.meta.txn.CommitOutcome;
import io.jfs.meta.txn.Ref;
import io.jfs.meta.txn.Transactor;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What files contain, as this client changes it: the content half of {@link Meta}. */
final class Content {
  /** Slice records per compaction. */
  private static final int MAX_COMPACTED_RECORDS = 1000;

  /** Places that an operation changes beside chunks or slices: attributes, counters. */
  private static final int COMMIT_RESERVE = 20;

  private final Operations operations;
  private final BooleanSupplier trashEnabled;
  private final int maxChunks;
  private volatile FragmentedChunkListener fragmented = (ino, index, records) -> {};

  /**
   * Content of the operations' volume.
   *
   * @param commitLimit how many places the engine's commits may change
   */
  Content(Operations operations, BooleanSupplier trashEnabled, int commitLimit) {
    this.maxChunks = Math.max(2, commitLimit - COMMIT_RESERVE);
    this.operations = operations;
    this.trashEnabled = trashEnabled;
  }

  void onFragmentedChunk(FragmentedChunkListener listener) {
    fragmented = listener;
  }

  List<Slice> readChunk(Ino ino, int index) throws FsException {
    return operations.read(txn -> txn.records().read(Records.CHUNK, new ChunkKey(ino, index)));
  }

  Attr writeSlices(Ino ino, List<Meta.ChunkSlice> slices, Timestamp mtime) throws FsException {
    Transactor.Done<Attr> done =
        operations.changeDone(ino, txn -> WriteSlices.write(txn, ino, slices, mtime));
    tellGrownChunks(ino, slices, done.outcome());
    return done.answer();
  }

  private void tellGrownChunks(Ino ino, List<Meta.ChunkSlice> slices, CommitOutcome outcome) {
    Set<Integer> told = new HashSet<>();
    for (Meta.ChunkSlice slice : slices) {
      ChunkKey chunk = new ChunkKey(ino, slice.index());
      Integer records = outcome.logLengths().get(new Ref.OfLog<>(Records.CHUNK, chunk));
      if (records != null && told.add(slice.index())) {
        fragmented.chunkGrew(ino, slice.index(), records);
      }
    }
  }

  /** In one transaction if the engine can, else in steps that are truncations themselves. */
  Attr truncate(Caller caller, Ino ino, long lengthBytes, Truncate.Access access)
      throws FsException {
    Attr attr = truncateStep(caller, ino, lengthBytes, access);
    while (attr.lengthBytes() != lengthBytes) {
      attr = truncateStep(caller, ino, lengthBytes, access);
    }
    return attr;
  }

  private Attr truncateStep(Caller caller, Ino ino, long lengthBytes, Truncate.Access access)
      throws FsException {
    return operations.change(
        ino, txn -> Truncate.truncate(txn, caller, ino, lengthBytes, access, maxChunks));
  }

  /** In one transaction if the engine can; else a long range is zeroed piece by piece. */
  Attr fallocate(
      Caller caller,
      Ino ino,
      FallocateMode mode,
      long offset,
      long lengthBytes,
      Fallocate.Privileges privileges)
      throws FsException {
    boolean zeroes = mode != FallocateMode.ALLOCATE && mode != FallocateMode.ALLOCATE_KEEP_SIZE;
    long step = zeroes ? (long) (maxChunks - 1) * Slice.CHUNK_BYTES : Math.max(1, lengthBytes);
    long done = 0;
    while (lengthBytes - done > step) {
      Attr unused = fallocateStep(caller, ino, mode, offset + done, step, privileges);
      done += step;
    }
    return fallocateStep(caller, ino, mode, offset + done, lengthBytes - done, privileges);
  }

  private Attr fallocateStep(
      Caller caller,
      Ino ino,
      FallocateMode mode,
      long offset,
      long lengthBytes,
      Fallocate.Privileges privileges)
      throws FsException {
    return operations.change(
        ino, txn -> Fallocate.fallocate(txn, caller, ino, mode, offset, lengthBytes, privileges));
  }

  /** Copies in bounded steps; what was copied before a refusal counts. */
  Meta.Copied copyRange(Ino in, long inOffset, Ino out, long outOffset, long lengthBytes)
      throws FsException {
    return copyRange(in, inOffset, out, outOffset, lengthBytes, CopyRange.Purpose.COPY);
  }

  /** Shares a file's slices with a clone of it, at the same place in both. */
  Meta.Copied share(Ino in, Ino out, long offset, long lengthBytes) throws FsException {
    return copyRange(in, offset, out, offset, lengthBytes, CopyRange.Purpose.CLONE);
  }

  private Meta.Copied copyRange(
      Ino in, long inOffset, Ino out, long outOffset, long lengthBytes, CopyRange.Purpose purpose)
      throws FsException {
    CopyRange.Step step = copyStep(in, inOffset, out, outOffset, lengthBytes, purpose);
    Meta.Copied done = new Meta.Copied(step.copiedBytes(), step.attr());
    while (step.copiedBytes() > 0 && step.leftBytes() > 0) {
      long at = done.bytes();
      try {
        step = copyStep(in, inOffset + at, out, outOffset + at, step.leftBytes(), purpose);
      } catch (FsException refusal) {
        return done;
      }
      done = new Meta.Copied(at + step.copiedBytes(), step.attr());
    }
    return done;
  }

  private CopyRange.Step copyStep(
      Ino in, long inOffset, Ino out, long outOffset, long lengthBytes, CopyRange.Purpose purpose)
      throws FsException {
    return operations.change(
        out, txn -> CopyRange.copy(txn, in, inOffset, out, outOffset, lengthBytes, purpose));
  }

  @Nullable CompactionPlan planCompaction(Ino ino, int index) throws FsException {
    ChunkKey chunk = new ChunkKey(ino, index);
    List<Slice> records = readChunk(ino, index);
    return CompactionPlan.of(chunk, records, Math.min(MAX_COMPACTED_RECORDS, maxChunks));
  }

  CompactChunk.Result commitCompaction(CompactionPlan plan, long newSliceId) throws FsException {
    CompactChunk.Replaced replaced =
        trashEnabled.getAsBoolean() ? CompactChunk.Replaced.DELAYED : CompactChunk.Replaced.FREED;
    return operations.change(
        plan.chunk().ino(), txn -> CompactChunk.commit(txn, plan, newSliceId, replaced));
  }

  /** One chunk's slices after making sure that an empty answer is a file's. */
  List<Slice> readChunkOfFile(Ino ino, int index) throws FsException {
    List<Slice> records = readChunk(ino, index);
    if (records.isEmpty()) {
      Attr attr = operations.read(txn -> txn.require(ino));
      if (!attr.isRegular()) {
        throw Errno.EPERM.exception();
      }
    }
    return records;
  }
}
