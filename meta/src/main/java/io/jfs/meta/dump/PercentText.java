package io.jfs.meta.dump;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Bytes as text of a dump: {@code %XX} for control characters, space, {@code % " \} and whatever is
 * not valid UTF-8. Metadata spec 8.1.
 */
final class PercentText {
  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private PercentText() {}

  static String escape(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + 16);
    for (int at = 0; at < bytes.length; ) {
      int length = validLength(bytes, at);
      int b = bytes[at] & 0xFF;
      if (length == 0 || b <= 0x20 || b == '%' || b == '"' || b == '\\') {
        out.write('%');
        out.write(HEX[b >> 4]);
        out.write(HEX[b & 15]);
        at++;
      } else {
        out.write(bytes, at, length);
        at += length;
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  /** How many bytes the UTF-8 character at {@code at} has; 0 if there is none. RFC 3629. */
  private static int validLength(byte[] bytes, int at) {
    int first = bytes[at] & 0xFF;
    if (first < 0x80) {
      return 1;
    }
    int length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || at + length > bytes.length) {
      return 0;
    }
    int second = bytes[at + 1] & 0xFF;
    int least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    int most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (second < least || second > most) {
      return 0;
    }
    for (int i = 2; i < length; i++) {
      if ((bytes[at + i] & 0xC0) != 0x80) {
        return 0;
      }
    }
    return length;
  }

  /** The bytes; a {@code %} that two upper-case hexadecimal digits do not follow is itself. */
  static byte[] unescape(String text) {
    byte[] escaped = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream(escaped.length);
    for (int at = 0; at < escaped.length; at++) {
      int high = at + 2 < escaped.length ? digit(escaped[at + 1]) : -1;
      int low = at + 2 < escaped.length ? digit(escaped[at + 2]) : -1;
      if (escaped[at] == '%' && high >= 0 && low >= 0) {
        out.write(high << 4 | low);
        at += 2;
      } else {
        out.write(escaped[at]);
      }
    }
    return out.toByteArray();
  }

  private static int digit(byte b) {
    return b >= '0' && b <= '9' ? b - '0' : b >= 'A' && b <= 'F' ? b - 'A' + 10 : -1;
  }
}
