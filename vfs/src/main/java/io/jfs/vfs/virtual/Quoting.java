package io.jfs.vfs.virtual;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Names in the log of operations: raw, or escaped as Go's strconv.Quote does (without the quotes)
 * when they have control characters, a backquote or are not UTF-8.
 */
final class Quoting {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private Quoting() {}

  static String shown(byte[] bytes) {
    String text = decode(bytes);
    return text != null && text.chars().noneMatch(Quoting::needsQuoting) ? text : quoted(bytes);
  }

  private static @Nullable String decode(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static boolean needsQuoting(int c) {
    return (c < ' ' && c != '\t') || c == '`' || c == 0x7f || c == BYTE_ORDER_MARK;
  }

  private static String quoted(byte[] bytes) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < bytes.length; ) {
      int length = characterLength(bytes, i);
      if (length == 0) {
        out.append(String.format(Locale.ROOT, "\\x%02x", bytes[i] & 0xff));
        i++;
      } else {
        int c = new String(bytes, i, length, StandardCharsets.UTF_8).codePointAt(0);
        escape(out, c);
        i += length;
      }
    }
    return out.toString();
  }

  /** Length in bytes of the character that starts at {@code from}; 0 if none does. */
  private static int characterLength(byte[] bytes, int from) {
    for (int length = 1; length <= 4 && from + length <= bytes.length; length++) {
      CharBuffer decoded;
      try {
        decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, length));
      } catch (CharacterCodingException e) {
        continue;
      }
      if (decoded.hasRemaining()) {
        return length;
      }
    }
    return 0;
  }

  private static void escape(StringBuilder out, int c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case 7 -> out.append("\\a");
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case 11 -> out.append("\\v");
      default -> escapeUnnamed(out, c);
    }
  }

  private static void escapeUnnamed(StringBuilder out, int c) {
    if (c < ' ' || c == 0x7f) {
      out.append(String.format(Locale.ROOT, "\\x%02x", c));
    } else if (c < 0x80 || isPrintable(c)) {
      out.appendCodePoint(c);
    } else if (c < 0x10000) {
      out.append(String.format(Locale.ROOT, "\\u%04x", c));
    } else {
      out.append(String.format(Locale.ROOT, "\\U%08x", c));
    }
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SPACE_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
