package io.jfs.meta.ops;

import io.jfs.meta.Meta.ChunkSlice;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.record.Records;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Naming slices whose bytes are durable: the commit of a write. Metadata spec 6.11.
 *
 * <p>It asks no permission (the handle was opened for writing) and works on files without a link. A
 * slice is new, so it gets no reference row: absent means one.
 */
public final class WriteSlices {
  private WriteSlices() {}

  /**
   * Appends each slice to its chunk and grows the file as far as they reach.
   *
   * @param mtime when the data was written
   * @return the attributes afterwards
   * @throws FsException ENOENT; EPERM if not a regular file; EFBIG; EDQUOT, ENOSPC
   */
  public static Attr write(MetaTxn txn, Ino ino, List<ChunkSlice> slices, Timestamp mtime)
      throws FsException {
    Attr attr = Files.require(txn, ino, Errno.EPERM);
    long end = attr.lengthBytes();
    for (ChunkSlice added : slices) {
      long sliceEnd = Files.startOf(added.index()) + added.slice().end();
      Files.requireRange(sliceEnd, 0);
      end = Math.max(end, sliceEnd);
    }
    Files.requireRoom(txn, ino, attr, end);
    append(txn, ino, attr, slices, mtime);
    Attr grown = attr.edit().lengthBytes(end).mtime(mtime).ctime(txn.now()).build();
    txn.put(ino, grown);
    Files.account(txn, ino, attr, grown);
    return grown;
  }

  /** How many records the chunk has then, the line leaves open, as the reference does. */
  private static void log(MetaTxn txn, ChunkKey chunk, Slice slice, Timestamp mtime) {
    txn.logChange(
        "WRITE",
        0,
        chunk.ino(),
        chunk.index(),
        slice.pos(),
        slice.id(),
        slice.len(),
        mtime.seconds(),
        mtime.nanos());
  }

  private static void append(
      MetaTxn txn, Ino ino, Attr attr, List<ChunkSlice> slices, Timestamp mtime) {
    Map<Integer, List<Slice>> byChunk = new LinkedHashMap<>();
    for (ChunkSlice added : slices) {
      byChunk.computeIfAbsent(added.index(), i -> new ArrayList<>()).add(added.slice());
    }
    byChunk.forEach(
        (index, records) -> {
          ChunkKey chunk = new ChunkKey(ino, index);
          if (!txn.maybeApplied() || !isApplied(txn, chunk, attr, records)) {
            txn.records().append(Records.CHUNK, chunk, records);
            records.forEach(slice -> log(txn, chunk, slice, mtime));
          }
        });
  }

  /**
   * Whether an earlier attempt, whose answer was lost, was committed. Its records are there then,
   * byte for byte; or a compaction has already replaced them, but this operation's moment still
   * stands in the attributes. Appending in the latter case would name a slice that may be deleted.
   */
  private static boolean isApplied(MetaTxn txn, ChunkKey chunk, Attr attr, List<Slice> records) {
    return attr.ctime().equals(txn.now())
        || txn.records().read(Records.CHUNK, chunk).containsAll(records);
  }
}
