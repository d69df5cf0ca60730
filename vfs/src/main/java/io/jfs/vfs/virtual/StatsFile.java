package io.jfs.vfs.virtual;

import io.jfs.meta.model.Ino;
import io.jfs.vfs.Request;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** {@code .stats}: one metric per line, sorted by name, taken when it is opened. Spec 1.3. */
final class StatsFile implements VirtualFile {
  private static final String PREFIX = "juicefs_";

  private final List<StatsSource> sources;

  StatsFile(List<StatsSource> sources) {
    this.sources = List.copyOf(sources);
  }

  private record Line(String name, double value) {}

  @Override
  public String name() {
    return ".stats";
  }

  @Override
  public Ino ino() {
    return new Ino(Ino.FIRST_VIRTUAL + 2);
  }

  @Override
  public int mode() {
    return 0444;
  }

  @Override
  public Place place() {
    return Place.LISTED_IN_ROOT;
  }

  @Override
  public VirtualHandle open(Request request) {
    return new Snapshot(text().getBytes(StandardCharsets.UTF_8));
  }

  String text() {
    List<Line> lines = new ArrayList<>();
    sources.forEach(source -> source.collect((name, value) -> lines.add(new Line(name, value))));
    lines.sort(Comparator.comparing(Line::name));
    StringBuilder text = new StringBuilder();
    for (Line line : lines) {
      text.append(PREFIX).append(line.name).append(' ').append(plain(line.value)).append('\n');
    }
    return text.toString();
  }

  /** Decimal without exponent. */
  private static String plain(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return Long.toString((long) value);
    }
    return Double.isFinite(value)
        ? BigDecimal.valueOf(value).stripTrailingZeros().toPlainString()
        : "0";
  }
}
