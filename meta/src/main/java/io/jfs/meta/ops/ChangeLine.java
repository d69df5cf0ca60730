package io.jfs.meta.ops;

import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.Timestamp;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A line of the change log: {@code SEC.NANOS|OPERATION(arguments)[:answer]|(session,number)}.
 * Metadata spec 3.6, where the operations are listed.
 */
final class ChangeLine {
  /** Characters that would be taken for a part of the line. */
  private static final String RESERVED = ",%()\"\\";

  private ChangeLine() {}

  /**
   * A line's bytes.
   *
   * @param answer what stands behind the colon; null for none
   * @param arguments numbers, truth values, inodes; names and bytes, which are encoded; lists of
   *     them
   */
  static byte[] of(
      Timestamp now,
      long sessionId,
      long number,
      String operation,
      @Nullable Object answer,
      Object... arguments) {
    String line =
        String.format(
            Locale.ROOT,
            "%d.%09d|%s(%s)%s|(%d,%d)",
            now.seconds(),
            now.nanos(),
            operation,
            text(Arrays.asList(arguments)),
            answer == null ? "" : ":" + text(answer),
            sessionId,
            number);
    return line.getBytes(StandardCharsets.US_ASCII);
  }

  private static String text(Object value) {
    if (value instanceof List<?> several) {
      List<String> texts = new ArrayList<>(several.size());
      several.forEach(one -> texts.add(text(one)));
      return String.join(",", texts);
    }
    if (value instanceof Name name) {
      return encoded(name.bytes());
    }
    if (value instanceof byte[] bytes) {
      return encoded(bytes);
    }
    if (value instanceof Ino ino) {
      return Long.toUnsignedString(ino.value());
    }
    return value.toString();
  }

  private static String encoded(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length);
    for (byte signed : bytes) {
      int b = Byte.toUnsignedInt(signed);
      if (b < 32 || b >= 127 || RESERVED.indexOf(b) >= 0) {
        text.append(String.format(Locale.ROOT, "%%%02X", b));
      } else {
        text.append((char) b);
      }
    }
    return text.toString();
  }
}
