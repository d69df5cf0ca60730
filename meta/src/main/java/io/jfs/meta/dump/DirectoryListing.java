package io.jfs.meta.dump;

import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.record.Records;
import io.jfs.meta.spill.SortedRows;
import io.jfs.meta.spill.SpillSort;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.Page;
import io.jfs.meta.txn.Row;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one directory by name, each once, whatever order the engine lists them in and
 * however many there are.
 */
final class DirectoryListing implements AutoCloseable {
  private static final int PAGE = 5000;
  private static final long SORT_BYTES = 4 << 20;
  private static final int VALUE_BYTES = 10;

  private final SpillSort sort = new SpillSort(SORT_BYTES);
  private final SortedRows rows;
  private byte @Nullable [] previous;

  DirectoryListing(Engine engine, Ino directory) {
    Object from = null;
    do {
      Page<Row<Name, Dentry>> page = engine.list(Records.DENTRY, directory, from, PAGE);
      page.rows().forEach(row -> sort.add(encode(row)));
      from = page.next();
    } while (from != null);
    rows = sort.sorted();
  }

  /** At most {@code count} further entries; empty at the end. */
  List<Row<Name, Dentry>> next(int count) {
    List<Row<Name, Dentry>> batch = new ArrayList<>();
    while (batch.size() < count) {
      byte[] row = rows.next();
      if (row == null) {
        break;
      }
      if (previous == null || !sameName(previous, row)) {
        batch.add(decode(row));
      }
      previous = row;
    }
    return batch;
  }

  /** The name, a zero byte, which no name has and which sorts before all others, type, inode. */
  private static byte[] encode(Row<Name, Dentry> row) {
    byte[] name = row.key().bytes();
    return ByteBuffer.allocate(name.length + VALUE_BYTES)
        .put(name)
        .put((byte) 0)
        .put((byte) row.value().type().code())
        .putLong(row.value().ino().value())
        .array();
  }

  private static Row<Name, Dentry> decode(byte[] row) {
    int end = row.length - VALUE_BYTES;
    ByteBuffer value = ByteBuffer.wrap(row, end + 1, VALUE_BYTES - 1);
    FileType type = FileType.ofCode(value.get());
    return new Row<>(
        Name.stored(Arrays.copyOf(row, end)), new Dentry(type, new Ino(value.getLong())));
  }

  private static boolean sameName(byte[] a, byte[] b) {
    return a.length == b.length
        && Arrays.equals(a, 0, a.length - VALUE_BYTES, b, 0, b.length - VALUE_BYTES);
  }

  @Override
  public void close() {
    rows.close();
    sort.close();
  }
}
