package io.jfs.cli.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Standard output, if it is a terminal: colours and clearing. ECMA-48. */
public final class Screen {
  private static final String ESCAPE = "\033[";

  /** What stands out how. */
  public enum Style {
    /** A zero, a unit. */
    DIM("1;30"),
    /** A small amount. */
    RED("1;31"),
    /** A big amount. */
    GREEN("1;32"),
    /** In between. */
    YELLOW("1;33"),
    /** Frames. */
    FRAME("0;34"),
    /** Names of columns. */
    HEADING("4;1;34"),
    /** What is neither. */
    PLAIN("0;37");

    private final String code;

    Style(String code) {
      this.code = code;
    }
  }

  private final boolean coloured;

  private Screen(boolean coloured) {
    this.coloured = coloured;
  }

  /** Standard output; coloured if it is a terminal and {@code wanted}. */
  public static Screen standard(boolean wanted) {
    return new Screen(wanted && isTerminal());
  }

  /** Whether standard output is a terminal, as far as /proc tells. */
  public static boolean isTerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }

  /** A screen with or without colours, for tests. */
  static Screen of(boolean coloured) {
    return new Screen(coloured);
  }

  /** Whether it shows colours and can be cleared. */
  public boolean isColoured() {
    return coloured;
  }

  /** Text in a style. */
  public String styled(Style style, String text) {
    return coloured ? ESCAPE + style.code + "m" + text + ESCAPE + "0m" : text;
  }

  /** Empties the screen and goes to its top; nothing if it is not a terminal. */
  public String cleared() {
    return coloured ? ESCAPE + "2J" + ESCAPE + "1;1H" : "";
  }
}
