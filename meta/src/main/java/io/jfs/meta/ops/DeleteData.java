package io.jfs.meta.ops;

import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.model.DelayedSlice;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.SliceId;
import io.jfs.meta.record.Records;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Letting go of slices that nobody can reach any more: of deleted files, and of compactions whose
 * time in the trash is over. Metadata spec 7.1, 7.3. Small transactions that may stop anywhere and
 * go on later.
 */
public final class DeleteData {
  /** Records per transaction; an engine may refuse commits of more than 128 changes. */
  private static final int MAX_RECORDS = 48;

  /** Chunks that are asked for behind a deleted file's end: 4 GiB. */
  private static final int LOOK_AHEAD = 64;

  /** Above this many chunks, 64 TiB, a file is so sparse that all keys are gone through instead. */
  private static final int MOST_COUNTED = 1 << 20;

  private DeleteData() {}

  /**
   * The chunks that a deleted file has. It may have been longer before, and its chunks behind the
   * end are still there; an engine without an order of keys could find them all only by going
   * through the whole volume. So it looks on behind the end until a stretch is empty; what lies
   * behind a hole of that length is left to gc.
   */
  public static List<Integer> chunks(MetaTxn txn, Records.DeletedFile file) {
    long counted = (file.lengthBytes() + Slice.CHUNK_BYTES - 1) / Slice.CHUNK_BYTES;
    if (counted > MOST_COUNTED) {
      return txn.records().chunkIndexes(Records.CHUNK, file.ino(), 0, Integer.MAX_VALUE);
    }
    List<Integer> all = new ArrayList<>();
    int from = 0;
    int tail = (int) counted; // where the stretch that must be empty begins
    boolean isTailEmpty = false;
    while (!isTailEmpty) {
      int to = tail + LOOK_AHEAD;
      List<Integer> found = txn.records().chunkIndexes(Records.CHUNK, file.ino(), from, to);
      all.addAll(found);
      isTailEmpty = found.isEmpty() || found.get(found.size() - 1) < tail;
      from = to;
      tail = to;
    }
    return all;
  }

  /**
   * Ends the references of some records of a deleted file's chunk.
   *
   * @return whether the chunk is gone
   */
  public static boolean chunk(MetaTxn txn, ChunkKey chunk) {
    if (txn.attr(chunk.ino()) != null) {
      throw new IllegalStateException("data of living inode " + chunk.ino() + " is to be deleted");
    }
    List<Slice> records = txn.records().read(Records.CHUNK, chunk);
    if (records.isEmpty()) {
      return true;
    }
    boolean all = records.size() <= MAX_RECORDS;
    List<Slice> dropped = all ? records : records.subList(0, MAX_RECORDS);
    SliceReferences.drop(txn, dropped);
    if (all) {
      txn.records().delete(Records.CHUNK, chunk);
      txn.logChange("DELCHUNK", null, chunk.ino(), chunk.index());
    } else {
      txn.records().replaceHead(Records.CHUNK, chunk, MAX_RECORDS, List.of());
    }
    return all;
  }

  /**
   * As {@link #chunk}, for a chunk whose inode was found missing: nothing is changed if it is
   * there.
   *
   * @return whether the chunk is gone
   */
  public static boolean strayChunk(MetaTxn txn, ChunkKey chunk) {
    return txn.attr(chunk.ino()) == null && chunk(txn, chunk);
  }

  /** Forgets a deleted file whose chunks are gone. */
  public static void forget(MetaTxn txn, Records.DeletedFile file) {
    txn.records().remove(Records.DELETED_FILE, Records.Volume.KEY, file);
  }

  /**
   * Ends the references of some slices that a compaction replaced.
   *
   * @return whether the row is gone
   */
  public static boolean delayed(MetaTxn txn, DelayedSlice row) {
    List<SliceId> mentions = txn.records().get(Records.DELAYED_SLICES, row);
    if (mentions == null) {
      return true;
    }
    boolean all = mentions.size() <= MAX_RECORDS;
    Map<SliceId, Integer> dropped = new LinkedHashMap<>();
    mentions
        .subList(0, all ? mentions.size() : MAX_RECORDS)
        .forEach(slice -> dropped.merge(slice, 1, Integer::sum));
    SliceReferences.dropAll(txn, dropped);
    if (all) {
      txn.records().delete(Records.DELAYED_SLICES, row);
      txn.logChange("CLEANUP_DELAYED_SLICES", null, row.compactedId(), row.unixSeconds());
    } else {
      List<SliceId> rest = mentions.subList(MAX_RECORDS, mentions.size());
      txn.records().put(Records.DELAYED_SLICES, row, List.copyOf(rest));
    }
    return all;
  }

  /**
   * Forgets a slice whose objects are gone. Its count is looked at again: a row that says somebody
   * needs it stays.
   */
  public static void forget(MetaTxn txn, SliceId slice) {
    long[] others = txn.records().get(Records.SLICE_REF, slice);
    if (others != null && others[0] < 0) {
      txn.records().delete(Records.SLICE_REF, slice);
      txn.logChange("DELETESLICE", null, slice.id(), Integer.toUnsignedLong(slice.size()));
    }
  }

  /** Whether nobody needs a slice, seen again before its objects are deleted. */
  public static boolean isFree(MetaTxn txn, SliceId slice) {
    long[] others = txn.records().get(Records.SLICE_REF, slice);
    return others != null && others[0] < 0;
  }

  /** Drops a count of zero, which says what an absent count says: one reference. */
  public static void dropZero(MetaTxn txn, SliceId slice) {
    long[] others = txn.records().get(Records.SLICE_REF, slice);
    if (others != null && others[0] == 0) {
      txn.records().delete(Records.SLICE_REF, slice);
    }
  }
}
