package io.jfs.meta.txn;

import io.jfs.meta.record.Cell;
import io.jfs.meta.record.Counter;
import io.jfs.meta.record.Log;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Table;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** All records of a volume as sorted text, through the scans of an engine. */
public final class EngineDump {
  private static final List<Cell<?, ?>> CELLS =
      List.of(
          Records.SETTING,
          Records.ATTR,
          Records.SYMLINK,
          Records.DELAYED_SLICES,
          Records.LEASE,
          Records.QUOTA,
          Records.ACL);
  private static final List<Table<?, ?, ?>> TABLES =
      List.of(
          Records.DENTRY,
          Records.XATTR,
          Records.PARENT,
          Records.DELETED_FILE,
          Records.SESSION_EXPIRY,
          Records.SESSION,
          Records.SUSTAINED,
          Records.FLOCK,
          Records.PLOCK,
          Records.DETACHED);
  private static final List<Counter<?>> COUNTERS =
      List.of(
          Records.SLICE_REF,
          Records.USED_SPACE,
          Records.USED_INODES,
          Records.DIR_STAT,
          Records.QUOTA_USED);

  private final TreeMap<String, String> lines = new TreeMap<>();
  private final Engine engine;
  private final int pageSize;

  private EngineDump(Engine engine, int pageSize) {
    this.engine = engine;
    this.pageSize = pageSize;
  }

  /** The dump, read in pages of {@code pageSize} rows. */
  public static String of(Engine engine, int pageSize) {
    EngineDump dump = new EngineDump(engine, pageSize);
    CELLS.forEach(dump::cells);
    TABLES.forEach(dump::tables);
    COUNTERS.forEach(dump::counters);
    dump.logs(Records.CHUNK);
    StringBuilder text = new StringBuilder();
    dump.lines.forEach(
        (place, value) -> text.append(place).append(" = ").append(value).append('\n'));
    return text.toString();
  }

  private <K, V> void cells(Cell<K, V> cell) {
    each(
        from -> engine.scan(cell, from, pageSize),
        row -> line(cell + "(" + row.key() + ")", row.value()));
  }

  private <K, F, V> void tables(Table<K, F, V> table) {
    each(
        from -> engine.scan(table, from, pageSize),
        row -> line(table + "(" + row.key() + ", " + row.value().key() + ")", row.value().value()));
  }

  private <K> void counters(Counter<K> counter) {
    each(
        from -> engine.scan(counter, from, pageSize),
        row -> line(counter + "(" + row.key() + ")", row.value()));
  }

  private <K, E> void logs(Log<K, E> log) {
    each(
        from -> engine.scan(log, from, pageSize),
        row -> line(log + "(" + row.key() + ")", row.value()));
  }

  private void line(String place, Object value) {
    lines.put(place, show(value));
  }

  private static <R> void each(Function<Object, Page<R>> pages, Consumer<R> sink) {
    Object from = null;
    do {
      Page<R> page = pages.apply(from);
      page.rows().forEach(sink);
      from = page.next();
    } while (from != null);
  }

  /** A value as text, whatever its shape. */
  public static String show(Object value) {
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    if (value instanceof long[] numbers) {
      return Arrays.toString(numbers);
    }
    if (value instanceof Map<?, ?> map) {
      TreeMap<String, String> sorted = new TreeMap<>();
      map.forEach((k, v) -> sorted.put(String.valueOf(k), show(v)));
      return sorted.toString();
    }
    return String.valueOf(value);
  }
}
