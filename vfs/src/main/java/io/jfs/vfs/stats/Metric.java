package io.jfs.vfs.stats;

/**
 * A family of measured values.
 *
 * @param name as vfs-cli spec 1.3 has it, without the prefix {@code juicefs_}
 * @param type how it behaves
 * @param help what it means, in a line
 */
public record Metric(String name, Type type, String help) {
  /** How a value behaves. */
  public enum Type {
    /** Only grows. */
    COUNTER("counter"),
    /** Goes up and down. */
    GAUGE("gauge"),
    /** Counts observations by size. */
    HISTOGRAM("histogram");

    private final String text;

    Type(String text) {
      this.text = text;
    }

    /** Prometheus' word. */
    public String text() {
      return text;
    }
  }

  /** A value that only grows. */
  public static Metric counter(String name, String help) {
    return new Metric(name, Type.COUNTER, help);
  }

  /** A value that goes up and down. */
  public static Metric gauge(String name, String help) {
    return new Metric(name, Type.GAUGE, help);
  }

  /** Observations by size. */
  public static Metric histogram(String name, String help) {
    return new Metric(name, Type.HISTOGRAM, help);
  }
}
