package io.jfs.cli.admin;

import io.jfs.cli.option.Units;
import java.util.Locale;

/** Numbers for people. */
public final class Quantities {
  private static final double GIGA = 1000;

  private Quantities() {}

  /** As {@code 5.0 MiB}. */
  public static String bytes(long lengthBytes) {
    return Units.humanBytes(lengthBytes);
  }

  /** As {@code 1,000}. */
  public static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** As {@code 80.0 Mbps} or {@code 1.0 Gbps}. */
  public static String megabits(long mbps) {
    return mbps < GIGA
        ? String.format(Locale.ROOT, "%.1f Mbps", (double) mbps)
        : String.format(Locale.ROOT, "%.1f Gbps", mbps / GIGA);
  }
}
