package io.jfs.vfs.virtual;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One line of the log of operations in the making. Grammar: spec 1.2. */
public final class LogLine {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy.MM.dd HH:mm:ss.SSSSSS", Locale.ROOT);

  private final StringBuilder text = new StringBuilder(160);

  /** A line about an operation. */
  public LogLine(Operation operation) {
    text.append(operation.text()).append(' ');
  }

  /** Literal text. */
  public LogLine add(String literal) {
    text.append(literal);
    return this;
  }

  /** A number. */
  public LogLine add(long number) {
    text.append(number);
    return this;
  }

  /** An inode number. */
  public LogLine add(Ino ino) {
    text.append(ino.value());
    return this;
  }

  /** A name. */
  public LogLine add(Name name) {
    return addBytes(name.bytes());
  }

  /** Raw bytes of a name, quoted where need be. */
  public LogLine addBytes(byte[] bytes) {
    text.append(Quoting.shown(bytes));
    return this;
  }

  /** Hexadecimal in capitals with {@code 0x} and at least so many digits. */
  public LogLine addHex(long value, int digits) {
    text.append(String.format(Locale.ROOT, "0x%0" + digits + "X", value));
    return this;
  }

  /** A lock owner: 16 hexadecimal digits. */
  public LogLine addOwner(long owner) {
    text.append(String.format(Locale.ROOT, "%016X", owner));
    return this;
  }

  /** A mode as asked for: {@code SMODE:0%04o}. */
  public LogLine addMode(int mode) {
    text.append(symbolicMode(mode, mode));
    return this;
  }

  /** {@code SMODE:0%04o}, the latter of {@code octal} only. */
  public static String symbolicMode(int mode, int octal) {
    return symbolic(mode) + String.format(Locale.ROOT, ":0%04o", octal);
  }

  /** What an operation answered, with a leading blank; nothing if it failed. */
  public LogLine addEntry(@Nullable Entry entry) {
    return entry == null ? this : addEntry(entry.ino(), entry.attr());
  }

  /** What an operation answered, with a leading blank; nothing if it failed. */
  public LogLine addEntry(Ino ino, @Nullable Attr attr) {
    if (attr != null) {
      text.append(" (").append(ino.value()).append(",[");
      text.append(symbolic(attr.statMode()));
      text.append(String.format(Locale.ROOT, ":0%06o,", attr.statMode()));
      text.append(attr.nlink()).append(',').append(attr.uid()).append(',').append(attr.gid());
      text.append(',').append(attr.atime().seconds()).append(',').append(attr.mtime().seconds());
      text.append(',').append(attr.ctime().seconds()).append(',').append(attr.lengthBytes());
      text.append("])");
    }
    return this;
  }

  /** Bytes as decimal numbers in brackets. */
  public LogLine addNumbers(byte[] bytes) {
    text.append('[');
    for (int i = 0; i < bytes.length; i++) {
      text.append(i == 0 ? "" : " ").append(bytes[i] & 0xff);
    }
    text.append(']');
    return this;
  }

  /** The whole line without time and caller: what the log of slow operations shows. */
  public String body(String status, long durationNanos) {
    return text + String.format(Locale.ROOT, " - %s <%.6f>", status, durationNanos / 1e9);
  }

  /** The whole line with its line feed. */
  public byte[] finish(Instant now, ZoneId zone, Caller caller, String status, long durationNanos) {
    String line =
        TIME.format(now.atZone(zone))
            + " [uid:"
            + Integer.toUnsignedString(caller.uid())
            + ",gid:"
            + Integer.toUnsignedString(caller.gid())
            + ",pid:"
            + caller.pid()
            + "] "
            + body(status, durationNanos)
            + "\n";
    return line.getBytes(StandardCharsets.UTF_8);
  }

  /** As ls(1) shows a mode; {@code ?} for a mode without a known type. */
  static String symbolic(int mode) {
    char[] shown = new char[10];
    shown[0] = type(mode & FileType.MODE_MASK);
    for (int i = 0; i < 9; i++) {
      shown[1 + i] = (mode >> (8 - i) & 1) != 0 ? "rwx".charAt(i % 3) : '-';
    }
    special(shown, 3, mode, Attr.SETUID, 's');
    special(shown, 6, mode, Attr.SETGID, 's');
    special(shown, 9, mode, Attr.STICKY, 't');
    return new String(shown);
  }

  private static void special(char[] shown, int at, int mode, int bit, char letter) {
    if ((mode & bit) != 0) {
      shown[at] = shown[at] == 'x' ? letter : Character.toUpperCase(letter);
    }
  }

  private static char type(int bits) {
    return switch (bits) {
      case 0140000 -> 's';
      case 0120000 -> 'l';
      case 0100000 -> '-';
      case 0060000 -> 'b';
      case 0040000 -> 'd';
      case 0020000 -> 'c';
      case 0010000 -> 'f';
      default -> '?';
    };
  }
}
