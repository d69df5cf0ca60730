package io.jfs.cli.admin;

import io.jfs.cli.text.Table;
import io.jfs.meta.model.QuotaLimits;
import java.util.Map;
import java.util.TreeMap;

/** Quotas as {@code jfs quota} shows them, sorted by what they are of. Vfs-cli spec 3.8. */
public final class QuotaTable {
  private static final String NO_LIMIT = "unchanged";

  private final String title;
  private final Map<String, Line> lines = new TreeMap<>();

  /** An empty table; {@code title} stands over what the quotas are of. */
  public QuotaTable(String title) {
    this.title = title;
  }

  private record Line(QuotaLimits limits, long usedSpaceBytes, long usedInodes) {}

  /** Adds a quota. */
  public void add(String of, QuotaLimits limits, long usedSpaceBytes, long usedInodes) {
    lines.put(of, new Line(limits, usedSpaceBytes, usedInodes));
  }

  /** The table; empty text if there is no quota. */
  @Override
  public String toString() {
    if (lines.isEmpty()) {
      return "";
    }
    Table table = Table.withNames(title, "Size", "Used", "Use%", "Inodes", "IUsed", "IUse%");
    lines.forEach(
        (of, line) -> {
          long space = line.limits().maxSpaceBytes();
          long inodes = line.limits().maxInodes();
          table.row(
              of,
              space > 0 ? Quantities.bytes(space) : NO_LIMIT,
              Quantities.bytes(line.usedSpaceBytes()),
              percent(line.usedSpaceBytes(), space),
              inodes > 0 ? Quantities.grouped(inodes) : NO_LIMIT,
              Quantities.grouped(line.usedInodes()),
              percent(line.usedInodes(), inodes));
        });
    return table.toString();
  }

  private static String percent(long used, long limit) {
    return limit > 0 ? (long) (100.0 * used / limit) + "%" : "";
  }
}
