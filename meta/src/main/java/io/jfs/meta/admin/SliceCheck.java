package io.jfs.meta.admin;

import io.jfs.meta.admin.Finding.Kind;
import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.SliceId;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Records.DeletedFile;
import io.jfs.meta.record.Records.Volume;
import io.jfs.meta.txn.RecordTxn;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Chunks, and whether slices are referred to as often as their counts say (ADR 0006). */
final class SliceCheck {
  private final Scans scans;
  private final TreeCheck tree;
  private final Consumer<Finding> findings;
  private final Set<Ino> deleted = new HashSet<>();

  SliceCheck(Scans scans, TreeCheck tree, Consumer<Finding> findings) {
    this.scans = scans;
    this.tree = tree;
    this.findings = findings;
  }

  void run() {
    scans.each(
        Records.DELETED_FILE,
        (volume, file, since) -> {
          deleted.add(file.ino());
          if (tree.exists(file.ino())) {
            findings.accept(
                Finding.of(
                    Kind.DELETED_BUT_ALIVE,
                    file.ino(),
                    "waits for deletion, but has attributes",
                    records -> keep(records, file)));
          }
        });
    scans.each(Records.CHUNK, this::checkChunk);
    checkCounts(references(scans));
  }

  private static boolean keep(RecordTxn records, DeletedFile file) {
    boolean alive = records.get(Records.ATTR, file.ino()) != null;
    if (alive) {
      records.remove(Records.DELETED_FILE, Volume.KEY, file);
    }
    return alive;
  }

  private void checkChunk(ChunkKey chunk, List<Slice> records) {
    if (!tree.isFile(chunk.ino()) && !deleted.contains(chunk.ino())) {
      find(
          Kind.CHUNK_WITHOUT_INODE,
          chunk.ino(),
          "chunk "
              + chunk.index()
              + (tree.exists(chunk.ino())
                  ? " of what is no file"
                  : " of a file that is not there, jfs gc --delete removes it"));
    }
    for (Slice record : records) {
      if (!isPossible(record)) {
        find(Kind.BAD_SLICE_RECORD, chunk.ino(), "chunk " + chunk.index() + ": " + record);
      }
    }
  }

  private static boolean isPossible(Slice record) {
    boolean inChunk =
        record.pos() >= 0
            && record.len() >= 0
            && (long) record.pos() + record.len() <= Slice.CHUNK_BYTES;
    return inChunk
        && (record.isHole()
            || (record.off() >= 0 && (long) record.off() + record.len() <= record.size()));
  }

  static Map<SliceId, Long> references(Scans scans) {
    Map<SliceId, Long> mentions = new HashMap<>();
    scans.each(
        Records.CHUNK,
        (chunk, records) -> {
          for (Slice record : records) {
            if (!record.isHole()) {
              mentions.merge(new SliceId(record.id(), record.size()), 1L, Long::sum);
            }
          }
        });
    scans.each(
        Records.DELAYED_SLICES,
        (row, slices) -> slices.forEach(slice -> mentions.merge(slice, 1L, Long::sum)));
    return mentions;
  }

  private void checkCounts(Map<SliceId, Long> mentions) {
    Map<SliceId, Long> uncounted = new HashMap<>(mentions);
    scans.each(
        Records.SLICE_REF,
        (slice, others) -> {
          Long found = uncounted.remove(slice);
          checkCount(slice, others[0] + 1, found == null ? 0 : found);
        });
    uncounted.forEach((slice, found) -> checkCount(slice, 1, found));
  }

  /** A count below one says that the slice's objects are to be deleted. */
  private void checkCount(SliceId slice, long counted, long found) {
    if (found > Math.max(0, counted)) {
      findSlice(Kind.SLICE_IN_DANGER, slice, counted, found);
    } else if (counted > found && counted > 0) {
      findSlice(Kind.SLICE_LEAKED, slice, counted, found);
    }
  }

  private void findSlice(Kind kind, SliceId slice, long counted, long found) {
    String detail = slice + " counts " + counted + " references, has " + found;
    findings.accept(
        new Finding(
            kind, Ino.NONE, detail, null, slice, records -> count(records, slice, counted, found)));
  }

  /** A slice that nobody mentions any more gets a count that has its objects deleted. */
  private static boolean count(RecordTxn records, SliceId slice, long counted, long found) {
    long[] stored = records.get(Records.SLICE_REF, slice);
    if ((stored == null ? 1 : stored[0] + 1) != counted) {
      return false;
    }
    records.set(Records.SLICE_REF, slice, found - 1);
    return true;
  }

  private void find(Kind kind, Ino ino, String detail) {
    findings.accept(Finding.of(kind, ino, detail, null));
  }
}
