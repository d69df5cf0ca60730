package io.jfs.vfs.virtual;

import io.jfs.meta.model.Ino;
import io.jfs.vfs.Request;
import io.jfs.vfs.stats.Families;
import io.jfs.vfs.stats.StatsSource;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * {@code .stats}: one value per line, sorted by metric, taken when it is opened. Of labels only the
 * values of {@code method} and {@code errno} are shown, behind the name; of a histogram only count
 * ({@code _total}) and sum. Spec 1.3.
 */
final class StatsFile implements VirtualFile {
  private static final String PREFIX = "juicefs_";

  private final List<StatsSource> sources;

  StatsFile(List<StatsSource> sources) {
    this.sources = List.copyOf(sources);
  }

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
    StringBuilder text = new StringBuilder(1 << 13);
    for (Families.Family family : Families.of(sources)) {
      String name = PREFIX + family.metric().name();
      for (Families.Sample sample : family.samples()) {
        line(text, name + shown(sample.labels()), sample.value());
      }
      for (Families.Series series : family.histograms()) {
        line(text, name + shown(series.labels()) + "_total", (double) series.observed().count());
        line(text, name + shown(series.labels()) + "_sum", series.observed().sum());
      }
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String name, double value) {
    text.append(name).append(' ').append(plain(value)).append('\n');
  }

  private static String shown(List<String> labels) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < labels.size(); i += 2) {
      if (labels.get(i).equals("method") || labels.get(i).equals("errno")) {
        shown.append('_').append(labels.get(i + 1));
      }
    }
    return shown.toString();
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
