package io.jfs.meta.engine;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spans of time in addresses, as the reference writes them: 1m30s; a bare number is seconds. */
public final class GoDuration {
  private static final Pattern PART = Pattern.compile("([0-9]*\\.?[0-9]+)(ns|us|ms|s|m|h)");

  private GoDuration() {}

  /**
   * @throws IllegalArgumentException if it is none
   */
  public static Duration parse(String text) {
    if (text.matches("[0-9]{1,18}")) {
      return Duration.ofSeconds(Long.parseLong(text));
    }
    Duration sum = Duration.ZERO;
    Matcher part = PART.matcher(text);
    int end = 0;
    while (part.find() && part.start() == end) {
      double nanos = Double.parseDouble(part.group(1)) * nanosOf(part.group(2));
      sum = sum.plusNanos((long) nanos);
      end = part.end();
    }
    if (text.isEmpty() || end != text.length()) {
      throw new IllegalArgumentException("not a duration: " + text);
    }
    return sum;
  }

  private static double nanosOf(String unit) {
    return switch (unit) {
      case "ns" -> 1;
      case "us" -> 1e3;
      case "ms" -> 1e6;
      case "s" -> 1e9;
      case "m" -> 60e9;
      default -> 3600e9;
    };
  }
}
