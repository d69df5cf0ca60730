package io.jfs.meta.txn;

import java.util.List;

/**
 * The lines of a volume's change log, outside any transaction. Metadata spec 3.6. Lines are
 * appended by transactions.
 */
public interface ChangeLog {
  /**
   * A part of the log.
   *
   * @param oldestVersion of the log's first line; versions count all lines there ever were, from 1
   * @param size lines in the log
   * @param lines from the index asked for on
   */
  record Part(long oldestVersion, long size, List<byte[]> lines) {}

  /** Up to {@code limit} lines from the {@code index}-th of the log on, all from one moment. */
  Part read(long index, int limit);

  /** Drops the {@code count} oldest lines. */
  void dropOldest(long count);
}
