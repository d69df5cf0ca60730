package io.jfs.vfs.stats;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The current values of several sources, by metric and sorted by name: what a page is made of. */
public final class Families implements StatsSource.Sink {
  private final Map<String, Family> byName = new TreeMap<>();

  /** A metric with all its series. */
  public record Family(Metric metric, List<Sample> samples, List<Series> histograms) {}

  /** One value. */
  public record Sample(List<String> labels, double value) {}

  /** One series of a histogram. */
  public record Series(List<String> labels, Histogram.Observed observed) {}

  private Families() {}

  /** What the sources measure now. */
  public static List<Family> of(List<StatsSource> sources) {
    Families families = new Families();
    sources.forEach(source -> source.collect(families));
    return List.copyOf(families.byName.values());
  }

  private Family family(Metric metric) {
    return byName.computeIfAbsent(
        metric.name(), name -> new Family(metric, new ArrayList<>(), new ArrayList<>()));
  }

  @Override
  public void value(Metric metric, double value, String... labels) {
    family(metric).samples.add(new Sample(List.of(labels), value));
  }

  @Override
  public void histogram(Metric metric, Histogram.Observed observed, String... labels) {
    family(metric).histograms.add(new Series(List.of(labels), observed));
  }
}
