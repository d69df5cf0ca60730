package io.jfs.vfs.control;

import java.util.Locale;

/** Sizes as {@code info} shows them: for people, and exactly. */
public final class ByteCount {
  private static final String UNITS = "KMGTPE";

  private ByteCount() {}

  /** As {@code 28 Bytes}, {@code 9.00 MiB (9437184 Bytes)}. */
  public static String text(long bytes) {
    if (bytes < 1024) {
      return bytes + " Bytes";
    }
    int exponent = (63 - Long.numberOfLeadingZeros(bytes)) / 10;
    return String.format(
        Locale.ROOT,
        "%.2f %siB (%d Bytes)",
        bytes / Math.pow(1024, exponent),
        UNITS.charAt(exponent - 1),
        bytes);
  }
}
