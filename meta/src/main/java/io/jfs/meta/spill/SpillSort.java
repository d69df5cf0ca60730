package io.jfs.meta.spill;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sorts rows of bytes (unsigned, bytewise) in bounded memory: what exceeds the budget goes to
 * temporary files as sorted runs, which are merged when the rows are read. Equal rows all stay.
 * Confined to one thread at a time. Failing file I/O is an {@link UncheckedIOException}.
 */
public final class SpillSort implements AutoCloseable {
  /** Heap that a row costs besides its bytes. */
  private static final int ROW_OVERHEAD_BYTES = 32;

  /** More runs than this are merged into one before another begins: each open run has a buffer. */
  private static final int MOST_RUNS = 64;

  private final long budgetBytes;
  private final List<Path> runs = new ArrayList<>();
  private List<byte[]> rows = new ArrayList<>();
  private long heldBytes;

  /**
   * An empty sort.
   *
   * @param budgetBytes heap for rows before they go to a file
   */
  public SpillSort(long budgetBytes) {
    this.budgetBytes = budgetBytes;
  }

  /** Adds a row, which the caller gives away. */
  public void add(byte[] row) {
    rows.add(row);
    heldBytes += row.length + ROW_OVERHEAD_BYTES;
    if (heldBytes > budgetBytes) {
      spill();
    }
  }

  private void spill() {
    rows.sort(Arrays::compareUnsigned);
    if (runs.size() == MOST_RUNS) {
      try (SortedRows merged = SortedRows.merge(List.copyOf(runs), List.of())) {
        Path one = write(merged);
        deleteRuns();
        runs.add(one);
      }
    }
    runs.add(write(SortedRows.of(rows)));
    rows = new ArrayList<>();
    heldBytes = 0;
  }

  private static Path write(SortedRows sorted) {
    try {
      Path run = Files.createTempFile("jfs-sort-", ".run");
      run.toFile().deleteOnExit();
      try (DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(run), 1 << 16))) {
        for (byte[] row = sorted.next(); row != null; row = sorted.next()) {
          out.writeInt(row.length);
          out.write(row);
        }
      }
      return run;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot sort in " + System.getProperty("java.io.tmpdir"), e);
    }
  }

  /**
   * The rows in their order, from the start each time; to be closed before this sort is. Nothing
   * can be added afterwards.
   */
  public SortedRows sorted() {
    rows.sort(Arrays::compareUnsigned);
    return runs.isEmpty() ? SortedRows.of(rows) : SortedRows.merge(runs, rows);
  }

  private void deleteRuns() {
    for (Path run : runs) {
      try {
        Files.deleteIfExists(run);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    runs.clear();
  }

  /** Forgets the rows and removes the files. */
  @Override
  public void close() {
    rows = new ArrayList<>();
    deleteRuns();
  }
}
