package io.jfs.cli.command;

import io.jfs.cli.control.Fields;
import io.jfs.cli.text.Table;
import io.jfs.vfs.control.ByteCount;
import java.util.List;

/** What {@code jfs info} prints of an inode. Vfs-cli spec 3.8. */
final class InfoText {
  private final StringBuilder text = new StringBuilder();

  private InfoText() {}

  static String of(String argument, Fields found, boolean raw) {
    InfoText shown = new InfoText();
    shown.head(argument, found);
    shown.content(found, raw);
    shown.locks(found);
    return shown.text.toString();
  }

  private void head(String argument, Fields found) {
    Fields sums = found.object("Summary");
    text.append(argument).append(" :\n");
    line("inode", Long.toUnsignedString(found.number("Ino")));
    line("files", Long.toString(sums.number("Files")));
    line("dirs", Long.toString(sums.number("Dirs")));
    line("length", ByteCount.text(sums.number("Length")));
    line("size", ByteCount.text(sums.number("Size")));
    List<String> paths = found.texts("Paths");
    if (paths.size() > 1) {
      text.append("  paths:\n");
      paths.forEach(path -> text.append('\t').append(path).append('\n'));
    } else {
      line("path", paths.isEmpty() ? "unknown" : paths.get(0));
    }
    Fields tier = found.object("Tier");
    String kept = tier.number("ID") + "->" + tier.text("StorageClass");
    line("tier", kept + " " + found.text("RestoreStatus"));
  }

  private void line(String name, String value) {
    text.append(" ".repeat(7 - name.length())).append(name).append(": ");
    text.append(value).append('\n');
  }

  private void content(Fields found, boolean raw) {
    if (raw) {
      table(" chunks:\n", slices(found.objects("Chunks")));
    } else {
      table(" objects:\n", objects(found.objects("Objects")));
    }
  }

  private void table(String title, Table table) {
    if (!table.isEmpty()) {
      text.append(title).append(table);
    }
  }

  private static Table slices(List<Fields> slices) {
    Table table = Table.of("chunkIndex", "sliceId", "size", "offset", "length");
    for (Fields slice : slices) {
      table.row(
          slice.text("ChunkIndex"),
          slice.text("Id"),
          slice.text("Size"),
          slice.text("Off"),
          slice.text("Len"));
    }
    return table;
  }

  private static Table objects(List<Fields> objects) {
    Table table = Table.of("chunkIndex", "objectName", "size", "offset", "length", "pos");
    long chunk = -1;
    long pos = 0;
    for (Fields object : objects) {
      if (object.number("ChunkIndex") != chunk) {
        chunk = object.number("ChunkIndex");
        pos = 0;
      }
      table.row(
          object.text("ChunkIndex"),
          object.text("Key"),
          object.text("Size"),
          object.text("Off"),
          object.text("Len"),
          Long.toString(pos));
      pos += object.number("Len");
    }
    return table;
  }

  private void locks(Fields found) {
    Table flocks = Table.withNames("Sid", "Owner", "Type");
    for (Fields lock : found.objects("FLocks")) {
      flocks.row(lock.text("Sid"), lock.text("Owner"), lock.text("Type"));
    }
    table(" flocks:\n", flocks);
    Table plocks = Table.withNames("Sid", "Owner", "Type", "Pid", "Start", "End");
    for (Fields lock : found.objects("PLocks")) {
      plocks.row(
          lock.text("Sid"),
          lock.text("Owner"),
          lock.number("Type") == 0 ? "R" : "W",
          lock.text("Pid"),
          lock.text("Start"),
          lock.text("End"));
    }
    table(" plocks:\n", plocks);
  }
}
