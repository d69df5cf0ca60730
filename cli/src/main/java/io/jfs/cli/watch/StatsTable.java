package io.jfs.cli.watch;

import io.jfs.cli.option.UsageException;
import io.jfs.cli.watch.Column.Kind;
import io.jfs.cli.watch.Screen.Style;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The columns of {@code jfs stats} in their sections. Vfs-cli spec 3.8. */
public final class StatsTable {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("MM-dd HH:mm:ss", Locale.ROOT);
  private static final int TIME_WIDTH = 14;

  private record Section(String name, List<Column> columns) {
    boolean isTime() {
      return columns.isEmpty();
    }

    int width() {
      return isTime() ? TIME_WIDTH : 6 * columns.size() - 1;
    }
  }

  private final Screen screen;
  private final List<Section> sections;

  /**
   * A table.
   *
   * @param schema one letter per section: t u f m c o g
   * @param verbosity 1 and more for further columns
   * @throws UsageException if the schema names no section
   */
  public StatsTable(String schema, long verbosity, Screen screen) throws UsageException {
    this.screen = screen;
    this.sections = new ArrayList<>();
    for (int i = 0; i < schema.length(); i++) {
      sections.add(section(schema.charAt(i), verbosity > 0));
    }
    if (sections.isEmpty()) {
      throw new UsageException("no section to watch, please check the schema string");
    }
  }

  private static Section section(char letter, boolean more) throws UsageException {
    List<Column> columns = new ArrayList<>();
    switch (letter) {
      case 't' -> {
        return new Section("system", List.of());
      }
      case 'u' -> {
        columns.add(new Column("cpu", "cpu_usage", Kind.CPU));
        columns.add(new Column("mem", "memory", Kind.BYTES_NOW));
        columns.add(new Column("buf", "used_buffer_size_bytes", Kind.BYTES_NOW));
        if (more) {
          columns.add(new Column("cache", "store_cache_size_bytes", Kind.BYTES_NOW));
        }
        return new Section("usage", columns);
      }
      case 'f' -> {
        addLatency(columns, "ops", "fuse_ops_durations_histogram_seconds");
        columns.add(new Column("read", "fuse_read_size_bytes_sum", Kind.BYTES));
        columns.add(new Column("write", "fuse_written_size_bytes_sum", Kind.BYTES));
        return new Section("fuse", columns);
      }
      case 'm' -> {
        addLatency(columns, "ops", "meta_ops_durations_histogram_seconds");
        if (more) {
          addLatency(columns, "txn", "transaction_durations_histogram_seconds");
          columns.add(new Column("retry", "transaction_restart", Kind.EVENTS));
        }
        return new Section("meta", columns);
      }
      case 'c' -> {
        columns.add(new Column("read", "blockcache_hit_bytes", Kind.BYTES));
        columns.add(new Column("write", "blockcache_write_bytes", Kind.BYTES));
        return new Section("blockcache", columns);
      }
      case 'o' -> {
        addObject(columns, "get", "GET", more);
        addObject(columns, "put", "PUT", more);
        if (more) {
          addLatency(columns, "del_c", "object_request_durations_histogram_seconds_DELETE");
        }
        return new Section("object", columns);
      }
      case 'g' -> {
        columns.add(new Column("alloc", "go_memstats_alloc_bytes", Kind.BYTES_NOW));
        columns.add(new Column("sys", "go_memstats_sys_bytes", Kind.BYTES_NOW));
        return new Section("go", columns);
      }
      default -> throw new UsageException("no section \"" + letter + "\" in the schema: tufmcog");
    }
  }

  private static void addLatency(List<Column> columns, String title, String histogram) {
    columns.add(new Column(title, histogram, Kind.OBSERVATIONS));
    columns.add(new Column("lat", histogram, Kind.LATENCY));
  }

  private static void addObject(List<Column> columns, String title, String method, boolean more) {
    columns.add(new Column(title, "object_request_data_bytes_" + method, Kind.BYTES));
    if (more) {
      String histogram = "object_request_durations_histogram_seconds_" + method;
      addLatency(columns, title + "_c", histogram);
    }
  }

  /** Two lines. */
  public String header() {
    String names =
        sections.stream()
            .map(section -> screen.styled(Style.FRAME, dashed(section)))
            .collect(Collectors.joining(" "));
    String titles = sections.stream().map(this::titles).collect(Collectors.joining(separator()));
    return names + "\n" + titles + "\n";
  }

  private static String dashed(Section section) {
    int dashes = section.width() - section.name.length();
    int left = (dashes + 1) / 2;
    return "-".repeat(left) + section.name + "-".repeat(dashes - left);
  }

  private String titles(Section section) {
    if (section.isTime()) {
      return screen.styled(Style.HEADING, "     time     ");
    }
    return section.columns.stream()
        .map(column -> screen.styled(Style.HEADING, column.heading()))
        .collect(Collectors.joining(" "));
  }

  private String separator() {
    return screen.styled(Style.FRAME, "|");
  }

  /** The line of an interval between two texts of {@code .stats}. */
  public String line(String before, String now, double seconds, LocalDateTime time) {
    Sample first = new Sample(before);
    Sample second = new Sample(now);
    return sections.stream()
            .map(section -> values(section, first, second, seconds, time))
            .collect(Collectors.joining(separator()))
        + "\n";
  }

  private String values(
      Section section, Sample before, Sample now, double seconds, LocalDateTime time) {
    if (section.isTime()) {
      return screen.styled(Style.PLAIN, TIME.format(time));
    }
    return section.columns.stream()
        .map(column -> column.shown(screen, before, now, seconds))
        .collect(Collectors.joining(" "));
  }
}
