package io.jfs.cli.watch;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A line of {@code .accesslog}. Grammar: vfs-cli spec 1.2.
 *
 * @param time when the operation ended
 * @param operation its name
 * @param micros how long it took, in microseconds
 */
public record LogEntry(
    LocalDateTime time, String uid, String gid, String pid, String operation, long micros) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy.MM.dd HH:mm:ss.SSSSSS", Locale.ROOT);
  private static final Pattern LINE =
      Pattern.compile(
          "(\\S+ \\S+) \\[uid:(\\d+),gid:(\\d+),pid:(\\d+)\\] (\\S+) .*<(\\d+\\.\\d+)>$");

  /** The entry of a line; null if it is none. */
  public static @Nullable LogEntry parse(String line) {
    Matcher parts = LINE.matcher(line);
    if (!parts.matches()) {
      return null;
    }
    try {
      return new LogEntry(
          LocalDateTime.parse(parts.group(1), TIME),
          parts.group(2),
          parts.group(3),
          parts.group(4),
          parts.group(5),
          Math.round(1e6 * Double.parseDouble(parts.group(6))));
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
