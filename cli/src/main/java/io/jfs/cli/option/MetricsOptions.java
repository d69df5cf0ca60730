package io.jfs.cli.option;

/** What a mount tells others about itself. Command-line spec 3.11. */
public final class MetricsOptions {
  /** Listener address. */
  public static final Option<String> METRICS =
      Option.text("metrics", "HOST:PORT", "127.0.0.1:9567", "where to answer a Prometheus server");

  /** Labels of every metric. */
  public static final Option<String> CUSTOM_LABELS =
      Option.text("custom-labels", "K:V;K:V", "", "further labels of every metric");

  /** Consul agent. */
  public static final Option<String> CONSUL =
      Option.text("consul", "HOST:PORT", "", "register the listener with this Consul agent");

  /** jfs reports nothing to anybody. */
  public static final Option<Boolean> NO_USAGE_REPORT =
      Option.flag("no-usage-report", "accepted; jfs reports nothing to anybody");

  /** All of them. */
  public static final OptionGroup GROUP =
      OptionGroup.of("METRICS", METRICS, CUSTOM_LABELS, CONSUL, NO_USAGE_REPORT);

  private MetricsOptions() {}
}
