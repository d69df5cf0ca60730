package io.jfs.cli.metrics;

import io.jfs.vfs.stats.Families;
import io.jfs.vfs.stats.Families.Family;
import io.jfs.vfs.stats.Histogram;
import io.jfs.vfs.stats.StatsSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a Prometheus server reads: all that is measured, with the reference's names, types and
 * labels, in the text format 0.0.4; behind it what Micrometer knows of the Java machine.
 * Prometheus' own client library would end every counter's name with {@code _total}, which the
 * reference's do not.
 */
public final class MetricsPage {
  private static final String PREFIX = "juicefs_";

  private final List<StatsSource> sources;
  private final Map<String, String> labels;
  private final JvmMetrics jvm;

  /** A page of these sources; {@code labels} are those of every metric. */
  public MetricsPage(List<StatsSource> sources, Map<String, String> labels) {
    this.sources = List.copyOf(sources);
    this.labels = Map.copyOf(labels);
    this.jvm = new JvmMetrics(labels);
  }

  /** The page as it is now. */
  public String text() {
    StringBuilder page = new StringBuilder(1 << 15);
    for (Family family : Families.of(sources)) {
      String name = PREFIX + family.metric().name();
      page.append("# HELP ").append(name).append(' ').append(family.metric().help()).append('\n');
      page.append("# TYPE ").append(name).append(' ').append(family.metric().type().text());
      page.append('\n');
      for (Families.Sample sample : family.samples()) {
        line(page, name, sample.labels(), sample.value());
      }
      for (Families.Series series : family.histograms()) {
        histogram(page, name, series.labels(), series.observed());
      }
    }
    return page.append(jvm.text()).toString();
  }

  private void histogram(
      StringBuilder page, String name, List<String> own, Histogram.Observed observed) {
    for (int i = 0; i < observed.bounds().length; i++) {
      String bound = number(observed.bounds()[i]);
      line(page, name + "_bucket", with(own, "le", bound), (double) observed.cumulated()[i]);
    }
    line(page, name + "_bucket", with(own, "le", "+Inf"), (double) observed.count());
    line(page, name + "_sum", own, observed.sum());
    line(page, name + "_count", own, (double) observed.count());
  }

  private static List<String> with(List<String> labels, String name, String value) {
    List<String> more = new ArrayList<>(labels);
    more.add(name);
    more.add(value);
    return more;
  }

  private void line(StringBuilder page, String name, List<String> own, double value) {
    Map<String, String> all = new TreeMap<>(labels);
    for (int i = 0; i < own.size(); i += 2) {
      all.put(own.get(i), own.get(i + 1));
    }
    page.append(name).append('{');
    String separator = "";
    for (Map.Entry<String, String> label : all.entrySet()) {
      page.append(separator).append(label.getKey());
      page.append("=\"").append(escaped(label.getValue())).append('"');
      separator = ",";
    }
    page.append("} ").append(number(value)).append('\n');
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
