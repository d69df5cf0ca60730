package io.jfs.meta.admin;

import io.jfs.meta.record.Records;
import io.jfs.meta.txn.Engine;

/**
 * What a volume still keeps of files and slices that were deleted or replaced: {@code status
 * --more}. Vfs-cli spec 3.8.
 *
 * @param pendingFiles deleted files whose data is still there
 * @param trashSlices replaced slices that the trash protects
 * @param pendingSlices slices without a reference whose objects are still there
 */
public record Leftovers(Sum pendingFiles, Sum trashSlices, Sum pendingSlices) {
  /**
   * So many of so many bytes.
   *
   * @param count number
   * @param bytes of all
   */
  public record Sum(long count, long bytes) {}

  private static final class Counting {
    private long count;
    private long bytes;

    private void add(long size) {
      count++;
      bytes += size;
    }

    private Sum sum() {
      return new Sum(count, bytes);
    }
  }

  /** Counts them: walks through all slices with a count of references. */
  public static Leftovers of(Engine engine) {
    Scans scans = new Scans(engine);
    Counting files = new Counting();
    Counting protectedSlices = new Counting();
    Counting freeSlices = new Counting();
    scans.each(Records.DELETED_FILE, (volume, file, since) -> files.add(file.lengthBytes()));
    scans.each(
        Records.DELAYED_SLICES,
        (row, slices) -> slices.forEach(slice -> protectedSlices.add(slice.size())));
    scans.each(
        Records.SLICE_REF,
        (slice, others) -> {
          if (others[0] < 0) {
            freeSlices.add(slice.size());
          }
        });
    return new Leftovers(files.sum(), protectedSlices.sum(), freeSlices.sum());
  }
}
