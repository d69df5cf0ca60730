package io.jfs.meta.spill;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Rows of bytes in ascending order, read once. Confined to one thread at a time. */
public final class SortedRows implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 14;

  private final List<Source> sources = new ArrayList<>();
  private final PriorityQueue<Source> heads =
      new PriorityQueue<>(Comparator.comparing(Source::head, Arrays::compareUnsigned));

  private SortedRows() {}

  /** Rows that are sorted already. */
  static SortedRows of(List<byte[]> sorted) {
    return merge(List.of(), sorted);
  }

  /** Sorted files and sorted rows, as one. */
  static SortedRows merge(List<Path> runs, List<byte[]> sorted) {
    SortedRows merged = new SortedRows();
    try {
      for (Path run : runs) {
        merged.add(
            new Source(
                new DataInputStream(
                    new BufferedInputStream(Files.newInputStream(run), BUFFER_BYTES)),
                List.<byte[]>of().iterator()));
      }
      merged.add(new Source(null, sorted.iterator()));
      return merged;
    } catch (IOException e) {
      merged.close();
      throw new UncheckedIOException(e);
    }
  }

  private void add(Source source) {
    sources.add(source);
    if (source.advance()) {
      heads.add(source);
    }
  }

  /** The next row; null when there is none. */
  public byte @Nullable [] next() {
    Source least = heads.poll();
    if (least == null) {
      return null;
    }
    byte[] row = least.head();
    if (least.advance()) {
      heads.add(least);
    }
    return row;
  }

  @Override
  public void close() {
    sources.forEach(Source::close);
  }

  /** One sorted run: a file, or rows on the heap. */
  private static final class Source {
    private final @Nullable DataInputStream file;
    private final Iterator<byte[]> rows;
    private byte[] head = {};

    Source(@Nullable DataInputStream file, Iterator<byte[]> rows) {
      this.file = file;
      this.rows = rows;
    }

    byte[] head() {
      return head;
    }

    boolean advance() {
      if (file == null) {
        boolean more = rows.hasNext();
        head = more ? rows.next() : head;
        return more;
      }
      try {
        byte[] row = new byte[file.readInt()];
        file.readFully(row);
        head = row;
        return true;
      } catch (EOFException e) {
        return false;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void close() {
      try {
        if (file != null) {
          file.close();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
