package io.jfs.cli.option;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;

/**
 * The units that options are written in: byte sizes (powers of 1024), bandwidths (Mbps, powers of
 * 1000), durations. Command-line spec 3.1.
 */
public final class Units {
  private static final String SIZE_UNITS = "BKMGTPE";
  private static final String RATE_UNITS = "MGTP";
  private static final BigDecimal BYTES_PER_SECOND_PER_MBPS = BigDecimal.valueOf(125_000);

  private Units() {}

  /**
   * Bytes of a size such as {@code 4M}, {@code 1.5G} or {@code 100}, whose unit is {@code
   * defaultUnit} (one of B K M G T P E) if it has none; {@code KiB} and {@code KB} mean K.
   */
  public static long bytes(String text, char defaultUnit) {
    Quantity size = Quantity.of(text, SIZE_UNITS, defaultUnit);
    BigDecimal unitBytes = BigDecimal.valueOf(1L << (10 * SIZE_UNITS.indexOf(size.unit())));
    return exact(size.number().multiply(unitBytes), text);
  }

  /** Bytes per second of a bandwidth in Mbps, or with one of the decimal units M G T P. */
  public static long bytesPerSecond(String text) {
    Quantity rate = Quantity.of(text, RATE_UNITS, 'M');
    BigDecimal scale = BigDecimal.TEN.pow(3 * RATE_UNITS.indexOf(rate.unit()));
    return exact(rate.number().multiply(scale).multiply(BYTES_PER_SECOND_PER_MBPS), text);
  }

  /**
   * A duration: a plain number of seconds, or numbers with the units d h m s ms us ns, as in {@code
   * 1h30m} or {@code 1.5s}; a leading minus is kept.
   */
  public static Duration duration(String text) {
    boolean negative = text.startsWith("-");
    String rest = negative ? text.substring(1) : text;
    if (rest.isEmpty()) {
      throw not("duration", text);
    }
    Duration sum = sumOfParts(rest, text);
    return negative ? sum.negated() : sum;
  }

  /** Bytes for people: {@code 5.0 MiB}, {@code 512 B}. */
  public static String humanBytes(long lengthBytes) {
    if (lengthBytes < 1024) {
      return lengthBytes + " B";
    }
    int exponent = (63 - Long.numberOfLeadingZeros(lengthBytes)) / 10;
    double scaled = lengthBytes / Math.pow(1024, exponent);
    return String.format(
        Locale.ROOT, scaled < 10 ? "%.1f %siB" : "%.0f %siB", scaled, SIZE_UNITS.charAt(exponent));
  }

  private static Duration sumOfParts(String rest, String text) {
    Duration sum = Duration.ZERO;
    int at = 0;
    while (at < rest.length()) {
      int unitAt = endOf(rest, at, true);
      int next = endOf(rest, unitAt, false);
      if (unitAt == at || (unitAt == rest.length() && at > 0)) {
        throw not("duration", text);
      }
      BigDecimal number = number(rest.substring(at, unitAt), text, "duration");
      BigDecimal nanos = number.multiply(nanosOf(rest.substring(unitAt, next), text));
      sum = sum.plusNanos(exact(nanos, text));
      at = next;
    }
    return sum;
  }

  private static int endOf(String text, int from, boolean digits) {
    int at = from;
    while (at < text.length() && isNumeric(text.charAt(at)) == digits) {
      at++;
    }
    return at;
  }

  private static boolean isNumeric(char c) {
    return (c >= '0' && c <= '9') || c == '.';
  }

  private static BigDecimal nanosOf(String unit, String text) {
    long nanos =
        switch (unit) {
          case "ns" -> 1L;
          case "us", "µs" -> 1_000L;
          case "ms" -> 1_000_000L;
          case "", "s" -> 1_000_000_000L;
          case "m" -> 60_000_000_000L;
          case "h" -> 3_600_000_000_000L;
          case "d" -> 86_400_000_000_000L;
          default -> throw not("duration", text);
        };
    return BigDecimal.valueOf(nanos);
  }

  private static BigDecimal number(String digits, String text, String what) {
    try {
      return new BigDecimal(digits);
    } catch (NumberFormatException e) {
      throw not(what, text);
    }
  }

  private static long exact(BigDecimal value, String text) {
    try {
      return value.setScale(0, RoundingMode.DOWN).longValueExact();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("\"" + text + "\" is too large", e);
    }
  }

  private static IllegalArgumentException not(String what, String text) {
    return new IllegalArgumentException("\"" + text + "\" is not a " + what);
  }

  private record Quantity(BigDecimal number, char unit) {
    static Quantity of(String text, String units, char defaultUnit) {
      String upper = text.trim().toUpperCase(Locale.ROOT);
      int unitAt = endOf(upper, 0, true);
      String suffix = upper.substring(unitAt);
      boolean known =
          suffix.isEmpty()
              || (units.indexOf(suffix.charAt(0)) >= 0
                  && ("".equals(suffix.substring(1))
                      || "B".equals(suffix.substring(1))
                      || "IB".equals(suffix.substring(1))));
      if (unitAt == 0 || !known) {
        throw not("size", text);
      }
      BigDecimal number = Units.number(upper.substring(0, unitAt), text, "size");
      return new Quantity(number, suffix.isEmpty() ? defaultUnit : suffix.charAt(0));
    }
  }
}
