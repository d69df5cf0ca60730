package io.jfs.fuse;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Entry;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Pieces of an access log line that both front ends write (vfs-cli spec 1.2). */
final class LogText {
  private LogText() {}

  /**
   * {@code (inode,[smode:0MODE6,nlink,uid,gid,atime,mtime,ctime,length])} with a blank in front.
   */
  static String entry(Entry entry) {
    Attr attr = entry.attr();
    return String.format(
        Locale.ROOT,
        " (%d,[%s:0%06o,%d,%d,%d,%d,%d,%d,%d])",
        entry.ino().value(),
        mode(attr.statMode()),
        attr.statMode(),
        attr.nlink(),
        Integer.toUnsignedLong(attr.uid()),
        Integer.toUnsignedLong(attr.gid()),
        attr.atime().seconds(),
        attr.mtime().seconds(),
        attr.ctime().seconds(),
        attr.lengthBytes());
  }

  /** Ten characters as ls -l shows them; '?' for a mode without a type. */
  static String mode(int mode) {
    char[] text = new char[10];
    text[0] = typeLetter(mode);
    for (int i = 0; i < 9; i++) {
      text[i + 1] = (mode & (0400 >> i)) != 0 ? "rwx".charAt(i % 3) : '-';
    }
    mark(text, 3, mode & Attr.SETUID, 's', 'S');
    mark(text, 6, mode & Attr.SETGID, 's', 'S');
    mark(text, 9, mode & Attr.STICKY, 't', 'T');
    return new String(text);
  }

  private static void mark(char[] text, int at, int bit, char executable, char plain) {
    if (bit != 0) {
      text[at] = text[at] == 'x' ? executable : plain;
    }
  }

  private static char typeLetter(int mode) {
    return switch ((mode >> 12) & 017) {
      case 014 -> 's';
      case 012 -> 'l';
      case 010 -> '-';
      case 06 -> 'b';
      case 04 -> 'd';
      case 02 -> 'c';
      case 01 -> 'f';
      default -> '?';
    };
  }

  /** {@code [1 2 3]}: unsigned bytes in decimal. */
  static String bytes(byte[] bytes) {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < bytes.length; i++) {
      text.append(i == 0 ? "" : " ").append(bytes[i] & 0xff);
    }
    return text.append(']').toString();
  }

  /**
   * A name as it is, unless it holds control characters, a backquote or is no UTF-8: then with Go's
   * escapes.
   */
  static String quote(byte[] name) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(name)).toString();
      return text.codePoints().allMatch(LogText::isPlain) ? text : escape(text);
    } catch (CharacterCodingException e) {
      return escapeInvalid(name);
    }
  }

  private static boolean isPlain(int c) {
    return c == '\t' || (c >= ' ' && c != '`' && c != 0x7f && c != 0xfeff);
  }

  private static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints().forEach(c -> escape(escaped, c));
    return escaped.toString();
  }

  /** Valid runs are kept, every byte that is no UTF-8 becomes {@code \xNN}. */
  private static String escapeInvalid(byte[] name) {
    StringBuilder escaped = new StringBuilder();
    for (int at = 0; at < name.length; ) {
      int length = validLength(name, at);
      if (length == 0) {
        escaped.append(String.format(Locale.ROOT, "\\x%02x", name[at] & 0xff));
        at++;
      } else {
        escape(escaped, new String(name, at, length, StandardCharsets.UTF_8).codePointAt(0));
        at += length;
      }
    }
    return escaped.toString();
  }

  /** The length of the UTF-8 sequence that starts at {@code at}; 0 if none does. */
  private static int validLength(byte[] name, int at) {
    for (int length = 1; length <= 4 && at + length <= name.length; length++) {
      if (isUtf8(name, at, length)) {
        return length;
      }
    }
    return 0;
  }

  private static boolean isUtf8(byte[] bytes, int at, int length) {
    try {
      CharBuffer unused =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, at, length));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static void escape(StringBuilder to, int c) {
    switch (c) {
      case 7 -> to.append("\\a");
      case '\b' -> to.append("\\b");
      case '\f' -> to.append("\\f");
      case '\n' -> to.append("\\n");
      case '\r' -> to.append("\\r");
      case '\t' -> to.append("\\t");
      case 11 -> to.append("\\v");
      case '\\' -> to.append("\\\\");
      case '"' -> to.append("\\\"");
      case 0xfeff -> to.append("\\ufeff");
      default -> {
        if (c < ' ' || c == 0x7f) {
          to.append(String.format(Locale.ROOT, "\\x%02x", c));
        } else {
          to.appendCodePoint(c);
        }
      }
    }
  }
}
