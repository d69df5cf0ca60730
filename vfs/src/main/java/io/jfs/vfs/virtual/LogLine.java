package io.jfs.vfs.virtual;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of the log of operations in the making, up to its arguments and answer. Grammar: spec
 * 1.2. Written by hand, without format strings: a line costs about a microsecond.
 */
public final class LogLine {
  private final StringBuilder text = new StringBuilder(160);
  private final List<Target> targets = new ArrayList<>(2);
  private @Nullable Ino answered;

  /**
   * What an operation was about: an inode, or a name in a directory.
   *
   * @param name null for the inode itself
   */
  record Target(Ino ino, @Nullable Name name) {}

  /** A line about an operation. */
  public LogLine(Operation operation) {
    this(operation.text());
  }

  LogLine(String word) {
    text.append(word).append(' ');
  }

  /**
   * The arguments in parentheses: inode numbers, names and raw bytes (quoted where need be),
   * numbers, truth values, and what {@link #hex}, {@link #mode} and the like made.
   */
  public LogLine args(Object... values) {
    char separator = '(';
    for (Object value : values) {
      text.append(separator);
      append(value);
      separator = ',';
    }
    text.append(')');
    return this;
  }

  private void append(Object value) {
    if (value instanceof Ino ino) {
      about(ino);
      text.append(ino.value());
    } else if (value instanceof Name name) {
      int last = targets.size() - 1;
      targets.set(last, new Target(targets.get(last).ino, name));
      text.append(Quoting.shown(name.bytes()));
    } else if (value instanceof byte[] bytes) {
      text.append(Quoting.shown(bytes));
    } else {
      text.append(value);
    }
  }

  /** This inode is what the operation is about; for arguments that do not begin with it. */
  public LogLine about(Ino ino) {
    targets.add(new Target(ino, null));
    return this;
  }

  /** What the operation was about, in the order of its arguments. */
  List<Target> targets() {
    return targets;
  }

  /** The inode that was answered for the last target; null if none was. */
  @Nullable Ino answered() {
    return answered;
  }

  /** An answer in parentheses behind a colon: {@code : (a,b)}. */
  public LogLine answer(Object... values) {
    text.append(": ");
    return args(values);
  }

  /** Literal text. */
  public LogLine add(String literal) {
    text.append(literal);
    return this;
  }

  /** An entry that an operation answered; after a failure only the colon. */
  public LogLine entry(@Nullable Entry entry) {
    return entry == null ? add(":") : entry(entry.ino(), entry.attr());
  }

  /** An entry that an operation answered; after a failure only the colon. */
  public LogLine entry(Ino ino, @Nullable Attr attr) {
    text.append(':');
    if (attr != null) {
      answered = ino;
      text.append(" (").append(ino.value()).append(",[");
      text.append(symbolic(attr.statMode())).append(":0");
      padded(attr.statMode(), 3, 6);
      text.append(',').append(attr.nlink()).append(',').append(attr.uid());
      text.append(',').append(attr.gid()).append(',').append(attr.atime().seconds());
      text.append(',').append(attr.mtime().seconds()).append(',').append(attr.ctime().seconds());
      text.append(',').append(attr.lengthBytes()).append("])");
    }
    return this;
  }

  /** A file handle that an operation answered. */
  public LogLine handle(long handle) {
    text.append(" [fh:").append(handle).append(']');
    return this;
  }

  private void padded(long value, int bitsPerDigit, int digits) {
    text.append(digits(value, bitsPerDigit, digits));
  }

  private static String digits(long value, int bitsPerDigit, int atLeast) {
    String all = bitsPerDigit == 3 ? Long.toOctalString(value) : hexadecimal(value);
    return all.length() < atLeast ? "0".repeat(atLeast - all.length()) + all : all;
  }

  private static String hexadecimal(long value) {
    char[] out = new char[16];
    int at = out.length;
    long rest = value;
    do {
      out[--at] = "0123456789ABCDEF".charAt((int) (rest & 15));
      rest >>>= 4;
    } while (rest != 0);
    return new String(out, at, out.length - at);
  }

  /** Hexadecimal in capitals with {@code 0x} and at least so many digits. */
  public static String hex(long value, int digits) {
    return "0x" + digits(value, 4, digits);
  }

  /** A lock owner: 16 hexadecimal digits. */
  public static String owner(long owner) {
    return digits(owner, 4, 16);
  }

  /** A mode as asked for: {@code SMODE:0%04o}. */
  public static String mode(int mode) {
    return mode(mode, mode);
  }

  /** {@code SMODE:0%04o}, the latter of {@code octal} only. */
  public static String mode(int mode, int octal) {
    return symbolic(mode) + ":0" + digits(octal, 3, 4);
  }

  /** Bytes as decimal numbers in brackets. */
  public static String numbers(byte[] bytes) {
    StringBuilder out = new StringBuilder("[");
    for (int i = 0; i < bytes.length; i++) {
      out.append(i == 0 ? "" : " ").append(bytes[i] & 0xff);
    }
    return out.append(']').toString();
  }

  /** What was asked and answered. */
  @Override
  public String toString() {
    return text.toString();
  }

  /** The whole line without time and caller: what the log of slow operations shows. */
  public String body(String status, long durationNanos) {
    StringBuilder out = new StringBuilder(text.length() + 32).append(text);
    return appendEnd(out, status, durationNanos).toString();
  }

  private static StringBuilder appendEnd(StringBuilder out, String status, long durationNanos) {
    long micros = (durationNanos + 500) / 1000;
    out.append(" - ").append(status).append(" <").append(micros / 1_000_000).append('.');
    return decimal(out, micros % 1_000_000, 6).append('>');
  }

  /** The whole line with its line feed. */
  public String finish(LocalDateTime now, Caller caller, String status, long durationNanos) {
    StringBuilder out = new StringBuilder(text.length() + 96);
    appendTime(out, now);
    out.append(" [uid:").append(Integer.toUnsignedString(caller.uid()));
    out.append(",gid:").append(Integer.toUnsignedString(caller.gid()));
    out.append(",pid:").append(caller.pid()).append("] ").append(text);
    appendEnd(out, status, durationNanos).append('\n');
    return out.toString();
  }

  private static void appendTime(StringBuilder out, LocalDateTime now) {
    decimal(out, now.getYear(), 4).append('.');
    decimal(out, now.getMonthValue(), 2).append('.');
    decimal(out, now.getDayOfMonth(), 2).append(' ');
    decimal(out, now.getHour(), 2).append(':');
    decimal(out, now.getMinute(), 2).append(':');
    decimal(out, now.getSecond(), 2).append('.');
    decimal(out, now.getNano() / 1000, 6);
  }

  private static StringBuilder decimal(StringBuilder out, long value, int digits) {
    String all = Long.toString(value);
    for (int i = all.length(); i < digits; i++) {
      out.append('0');
    }
    return out.append(all);
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
