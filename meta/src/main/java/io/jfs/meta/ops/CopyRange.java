package io.jfs.meta.ops;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Slice;
import io.jfs.meta.record.Records;
import io.jfs.meta.txn.Ref;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Copying a range by sharing its slices: copy_file_range(2), metadata spec 6.12.
 *
 * <p>Observes both attributes and every source chunk's slices, so that a compaction which replaces
 * them while we look makes the commit fail instead of leaving us a slice that is being deleted (ADR
 * 0005). Bounded per transaction: copies less than asked rather than making a huge commit.
 */
public final class CopyRange {
  /** Source chunks per transaction. */
  private static final int MAX_CHUNKS = 8;

  /** Records written per transaction; an engine may refuse commits of more than 128 changes. */
  private static final int MAX_RECORDS = 48;

  /** What a copy is for. */
  public enum Purpose {
    /** Itself: the change log hears of it. */
    COPY,
    /** A part of a clone, of which the change log has a line. */
    CLONE
  }

  private CopyRange() {}

  /**
   * Copies as much of [{@code inOffset}, {@code inOffset + lengthBytes}) as one transaction may.
   *
   * @return what was done, and what is left to do
   * @throws FsException ENOENT; EINVAL if one is not a regular file, or the ranges overlap in one
   *     file; EPERM if the target is protected; EFBIG; EDQUOT, ENOSPC
   */
  public static Step copy(
      MetaTxn txn,
      Ino in,
      long inOffset,
      Ino out,
      long outOffset,
      long lengthBytes,
      Purpose purpose)
      throws FsException {
    Files.requireRange(inOffset, lengthBytes);
    Files.requireRange(outOffset, lengthBytes);
    txn.records().prefetch(MetaTxn.attrRef(in), MetaTxn.attrRef(out));
    Attr source = Files.require(txn, in, Errno.EINVAL);
    Attr target = Files.require(txn, out, Errno.EINVAL);
    Permissions.requireUnprotected(target);
    if (in.equals(out) && Math.abs(inOffset - outOffset) < lengthBytes) {
      throw Errno.EINVAL.exception();
    }
    long wanted = Math.min(lengthBytes, source.lengthBytes() - inOffset);
    if (wanted <= 0) {
      return new Step(0, 0, target);
    }
    Plan plan = plan(txn, in, inOffset, outOffset, wanted, target.lengthBytes());
    long end = Math.max(target.lengthBytes(), outOffset + plan.lengthBytes);
    Files.requireRoom(txn, out, target, end);
    plan.records.forEach(
        (index, records) -> {
          txn.records().append(Records.CHUNK, new ChunkKey(out, index), records);
          SliceReferences.share(txn, records);
        });
    Attr changed = target.edit().lengthBytes(end).changed(txn.now()).build();
    txn.put(out, changed);
    Files.account(txn, out, target, changed);
    if (purpose == Purpose.COPY) {
      txn.logChange("COPYFILERANGE", end, in, inOffset, out, outOffset, plan.lengthBytes);
    }
    return new Step(plan.lengthBytes, wanted - plan.lengthBytes, changed);
  }

  /**
   * What one transaction did.
   *
   * @param copiedBytes how much it copied; 0 at the end of the source
   * @param leftBytes how much of what was asked for, and was there, is left to copy
   * @param attr the target's attributes afterwards
   */
  public record Step(long copiedBytes, long leftBytes, Attr attr) {}

  /** Records to append per target chunk, and how many bytes they cover. */
  private record Plan(Map<Integer, List<Slice>> records, long lengthBytes) {}

  /** Holes behind the target's end need no record: there are zeros already. */
  private static Plan plan(
      MetaTxn txn, Ino in, long inOffset, long outOffset, long wanted, long targetLength) {
    int first = Files.chunkOf(inOffset);
    int last = Math.min(Files.chunkOf(inOffset + wanted - 1), first + MAX_CHUNKS - 1);
    txn.records()
        .prefetch(
            IntStream.rangeClosed(first, last)
                .mapToObj(i -> new Ref.OfLog<>(Records.CHUNK, new ChunkKey(in, i)))
                .toArray(Ref[]::new));
    Map<Integer, List<Slice>> records = new LinkedHashMap<>();
    long at = inOffset;
    int count = 0;
    for (int index = first; index <= last; index++) {
      int from = Files.posOf(at);
      int to = (int) Math.min(Slice.CHUNK_BYTES, inOffset + wanted - Files.startOf(index));
      List<Slice> stored = txn.records().read(Records.CHUNK, new ChunkKey(in, index));
      for (Slice piece : SliceOverlay.pieces(stored, from, to)) {
        if (count >= MAX_RECORDS) {
          return new Plan(records, at - inOffset);
        }
        long offset = at - inOffset + outOffset;
        if (!piece.isHole() || offset < targetLength) {
          count += place(piece, offset, records);
        }
        at += piece.len();
      }
    }
    return new Plan(records, at - inOffset);
  }

  /** Lays a piece at {@code offset} of the target, in two records where a chunk ends inside. */
  private static int place(Slice piece, long offset, Map<Integer, List<Slice>> records) {
    int pos = Files.posOf(offset);
    int len = Math.min(piece.len(), Slice.CHUNK_BYTES - pos);
    into(records, Files.chunkOf(offset))
        .add(new Slice(pos, piece.id(), piece.size(), piece.off(), len));
    if (len == piece.len()) {
      return 1;
    }
    into(records, Files.chunkOf(offset) + 1)
        .add(new Slice(0, piece.id(), piece.size(), piece.off() + len, piece.len() - len));
    return 2;
  }

  private static List<Slice> into(Map<Integer, List<Slice>> records, int index) {
    return records.computeIfAbsent(index, i -> new ArrayList<>());
  }
}
