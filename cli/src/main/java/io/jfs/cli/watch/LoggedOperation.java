package io.jfs.cli.watch;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A line of {@code .accesslog.json} or {@code .running}, as far as {@code jfs top} shows it.
 *
 * @param waits the member "waits" as text; empty for what is under way
 * @param waitsFor what an operation under way waits for
 */
record LoggedOperation(
    int pid, String operation, String path, double seconds, String waits, String waitsFor) {
  private static final Pattern LINE =
      Pattern.compile(
          "\\{.*\"pid\":(\\d+),\"op\":\"(\\w+)\",.*\"paths\":\\[(?:\"((?:[^\"\\\\]|\\\\.)*)\".*)?\\]"
              + ".*\"seconds\":([0-9.]+)(?:,\"waits\":\\{(.*)\\})?(?:,\"waits_for\":\"(\\w*)\")?\\}");

  static @Nullable LoggedOperation parse(String line) {
    Matcher parts = LINE.matcher(line);
    if (!parts.matches()) {
      return null;
    }
    return new LoggedOperation(
        Integer.parseInt(parts.group(1)),
        parts.group(2),
        orEmpty(parts.group(3)),
        Double.parseDouble(parts.group(4)),
        orEmpty(parts.group(5)),
        orEmpty(parts.group(6)));
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  /** How long it waited for something, in seconds. */
  double waited(String kind) {
    Matcher found = Pattern.compile("\"" + kind + "\":([0-9.]+)").matcher(waits);
    return found.find() ? Double.parseDouble(found.group(1)) : 0;
  }
}
