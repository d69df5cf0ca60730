package io.jfs.cli.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A table with a frame of {@code + - |}: titles in the middle of their column, cells at its right
 * or, for the columns named so, at its left. Vfs-cli spec 3.8.
 */
public final class Table {
  private static final Pattern COLOUR = Pattern.compile("\033\\[[0-9;]*m");

  private final List<String> titles;
  private final int leftColumns;
  private final List<List<String>> rows = new ArrayList<>();

  /** A table whose cells all stand at the right. */
  public static Table of(String... titles) {
    return new Table(List.of(titles), 0);
  }

  /** A table whose first column stands at the left. */
  public static Table withNames(String... titles) {
    return new Table(List.of(titles), 1);
  }

  private Table(List<String> titles, int leftColumns) {
    this.titles = titles;
    this.leftColumns = leftColumns;
  }

  /** Adds a row, with as many cells as there are titles. */
  public void row(String... cells) {
    if (cells.length != titles.size()) {
      throw new IllegalArgumentException(titles + " and " + Arrays.toString(cells));
    }
    rows.add(List.of(cells));
  }

  /** Whether there is no row. */
  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** The lines, each with its end. */
  @Override
  public String toString() {
    int[] widths = widths();
    StringBuilder text = new StringBuilder();
    String rule = rule(widths);
    text.append(rule).append('|');
    for (int column = 0; column < widths.length; column++) {
      String title = titles.get(column);
      int space = widths[column] - width(title);
      text.append(' ').append(" ".repeat((space + 1) / 2)).append(title);
      text.append(" ".repeat(space / 2)).append(" |");
    }
    text.append('\n').append(rule);
    rows.forEach(row -> append(text, row, widths));
    return text.append(rule).toString();
  }

  private void append(StringBuilder text, List<String> row, int[] widths) {
    text.append('|');
    for (int column = 0; column < widths.length; column++) {
      String cell = row.get(column);
      String space = " ".repeat(widths[column] - width(cell));
      text.append(' ').append(column < leftColumns ? cell + space : space + cell).append(" |");
    }
    text.append('\n');
  }

  private int[] widths() {
    int[] widths = titles.stream().mapToInt(Table::width).toArray();
    for (List<String> row : rows) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], width(row.get(column)));
      }
    }
    return widths;
  }

  /** Columns of a terminal that a cell takes; colours take none. */
  private static int width(String text) {
    String plain = text.indexOf('\033') < 0 ? text : COLOUR.matcher(text).replaceAll("");
    return plain.codePointCount(0, plain.length());
  }

  private static String rule(int[] widths) {
    StringBuilder rule = new StringBuilder("+");
    for (int width : widths) {
      rule.append("-".repeat(width + 2)).append('+');
    }
    return rule.append('\n').toString();
  }
}
