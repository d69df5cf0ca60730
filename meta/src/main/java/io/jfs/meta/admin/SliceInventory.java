package io.jfs.meta.admin;

import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.SliceId;
import io.jfs.meta.record.Records;
import io.jfs.meta.txn.Engine;
import java.util.List;

/**
 * Every slice that a volume knows of, and why: what gc compares with the objects. Tells slices in
 * no order and once per mention.
 *
 * <p>On a volume in use the order of the scans matters: a mention moves from a chunk to a delayed
 * row, or is copied with a count, never the other way round. So a slice that is in use all the time
 * is seen in at least one of them.
 */
public final class SliceInventory {
  private SliceInventory() {}

  /** Why a slice is known, the strongest reason first. */
  public enum Use {
    /** A chunk shows it, or somebody counts on it. */
    LIVE(0),
    /** A compaction replaced it, and the trash still protects it. */
    DELAYED(1),
    /** Nobody needs it: its objects wait for their deletion. */
    PENDING(2);

    private final int rank;

    Use(int rank) {
      this.rank = rank;
    }

    /** 0 for the strongest reason. */
    public int rank() {
      return rank;
    }

    /** The reason of a rank. */
    public static Use ofRank(int rank) {
      return rank == 0 ? LIVE : rank == 1 ? DELAYED : PENDING;
    }
  }

  /** Is told of slices. */
  public interface Visitor {
    /** A mention. */
    void slice(SliceId slice, Use use);

    /** A chunk and its records, of which some may be holes. */
    default void chunk(ChunkKey chunk, List<Slice> records) {}
  }

  /** Tells all. */
  public static void visit(Engine engine, Visitor visitor) {
    Scans scans = new Scans(engine);
    scans.each(
        Records.CHUNK,
        (chunk, records) -> {
          visitor.chunk(chunk, records);
          for (Slice record : records) {
            if (!record.isHole()) {
              visitor.slice(new SliceId(record.id(), record.size()), Use.LIVE);
            }
          }
        });
    scans.each(
        Records.DELAYED_SLICES,
        (row, slices) -> slices.forEach(slice -> visitor.slice(slice, Use.DELAYED)));
    scans.each(
        Records.SLICE_REF,
        (slice, others) -> visitor.slice(slice, others[0] < 0 ? Use.PENDING : Use.LIVE));
  }

  /**
   * What waits for its deletion.
   *
   * @param slices replaced slices that the trash protects no longer
   * @param sliceBytes their size
   * @param files deleted files whose data is still there
   * @param fileBytes their length
   */
  public record Waiting(long slices, long sliceBytes, long files, long fileBytes) {}

  /**
   * Counts what waits for its deletion.
   *
   * @param replacedBefore unix seconds since when the trash protects replaced slices
   */
  public static Waiting waiting(Engine engine, long replacedBefore) {
    Scans scans = new Scans(engine);
    long[] sums = new long[4];
    scans.each(
        Records.DELAYED_SLICES,
        (row, slices) -> {
          if (row.unixSeconds() < replacedBefore) {
            sums[0] += slices.size();
            slices.forEach(slice -> sums[1] += slice.size());
          }
        });
    scans.each(
        Records.DELETED_FILE,
        (volume, file, since) -> {
          sums[2]++;
          sums[3] += file.lengthBytes();
        });
    return new Waiting(sums[0], sums[1], sums[2], sums[3]);
  }
}
