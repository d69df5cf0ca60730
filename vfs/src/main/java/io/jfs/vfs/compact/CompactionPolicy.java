package io.jfs.vfs.compact;

/**
 * When a chunk is worth compacting. As the reference decides (data spec 5.1), except that after a
 * read the bytes to be rewritten must stand in a relation to the slices got rid of: rewriting 64
 * MiB after every fifth small write would cost far more than reading ever gains.
 */
public final class CompactionPolicy {
  private static final int EVERY_RECORDS = 100;
  private static final int MANY_RECORDS = 350;
  private static final int FEW_AFTER_READ = 5;
  private static final long BYTES_PER_RECORD = 1 << 20;

  private CompactionPolicy() {}

  /** After a commit that left so many records. */
  public static boolean isDueAfterWrite(int records) {
    return records % EVERY_RECORDS == EVERY_RECORDS - 1 || records > MANY_RECORDS;
  }

  /** After a read that found so many records, which show so many bytes of data. */
  public static boolean isDueAfterRead(int records, long visibleBytes) {
    return records >= FEW_AFTER_READ
        && (records >= EVERY_RECORDS || visibleBytes <= records * BYTES_PER_RECORD);
  }
}
