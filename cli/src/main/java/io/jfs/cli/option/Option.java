package io.jfs.cli.option;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * One command-line option: its names, the form of its value, its default and what it means. Options
 * are constants; {@link Options} has what the user gave.
 *
 * @param <T> type of the value
 */
public final class Option<T> {
  private final List<String> names;
  private final String label;
  private final String defaultText;
  private final String description;
  private final ValueParser<T> parser;
  private final boolean hidden;

  private Option(
      List<String> names,
      String label,
      String defaultText,
      String description,
      ValueParser<T> parser,
      boolean hidden) {
    this.names = names;
    this.label = label;
    this.defaultText = defaultText;
    this.description = description;
    this.parser = parser;
    this.hidden = hidden;
  }

  /** An option that is on when it is there; {@code --name=false} switches it off. */
  public static Option<Boolean> flag(String names, String description) {
    return of(names, "", "false", description, Option::parseFlag);
  }

  /** A flag that is on unless {@code --name=false}. */
  public static Option<Boolean> flagOnByDefault(String names, String description) {
    return of(names, "", "true", description, Option::parseFlag);
  }

  /** Any text. */
  public static Option<String> text(
      String names, String label, String defaultText, String description) {
    return of(names, label, defaultText, description, text -> text);
  }

  /** One of some words, in any case. */
  public static Option<String> choice(
      String names, List<String> words, String defaultText, String description) {
    ValueParser<String> parser =
        text -> {
          String word = text.toLowerCase(Locale.ROOT);
          if (!words.contains(word)) {
            throw new IllegalArgumentException(
                "\"" + text + "\" is not one of " + String.join(", ", words));
          }
          return word;
        };
    return of(
        names, words.stream().collect(Collectors.joining("|")), defaultText, description, parser);
  }

  /** A whole number. */
  public static Option<Long> number(String names, String defaultText, String description) {
    return of(names, "N", defaultText, description, Option::parseNumber);
  }

  /** A size in bytes whose unit is {@code unit} if the user gives none. */
  public static Option<Long> size(String names, char unit, String defaultText, String description) {
    String withUnit = unit == 'B' ? description : description + " (unit " + unit + " if none)";
    return of(names, "SIZE", defaultText, withUnit, text -> Units.bytes(text, unit));
  }

  /** A duration; plain numbers are seconds. */
  public static Option<Duration> duration(String names, String defaultText, String description) {
    return of(names, "TIME", defaultText, description, Units::duration);
  }

  /** A bandwidth; the value is in bytes per second, plain numbers on the command line are Mbps. */
  public static Option<Long> bandwidth(String names, String defaultText, String description) {
    return of(names, "MBPS", defaultText, description, Units::bytesPerSecond);
  }

  /** A ratio from 0 to 1. */
  public static Option<Double> ratio(String names, String defaultText, String description) {
    return of(names, "RATIO", defaultText, description, Option::parseRatio);
  }

  /** An octal number such as a file mode. */
  public static Option<Integer> octal(String names, String defaultText, String description) {
    return of(names, "MODE", defaultText, description, Option::parseOctal);
  }

  private static <T> Option<T> of(
      String names, String label, String defaultText, String description, ValueParser<T> parser) {
    return new Option<>(
        Arrays.asList(names.split(" ")), label, defaultText, description, parser, false);
  }

  /** The same option, left out of the help text. */
  public Option<T> hidden() {
    return new Option<>(names, label, defaultText, description, parser, true);
  }

  /** The same option where it means something else. */
  public Option<T> described(String other) {
    return new Option<>(names, label, defaultText, other, parser, hidden);
  }

  /** The name after {@code --}. */
  public String name() {
    return names.get(0);
  }

  /** The names with their dashes: one dash for a letter, two for a word. */
  public List<String> dashedNames() {
    return names.stream().map(n -> (n.length() == 1 ? "-" : "--") + n).toList();
  }

  /** Whether it has no value. */
  public boolean isFlag() {
    return label.isEmpty();
  }

  /** What stands for the value in the help text. */
  public String label() {
    return label;
  }

  /** The default as the user would write it; empty if there is none. */
  public String defaultText() {
    return defaultText;
  }

  /** What the option means. */
  public String description() {
    return description;
  }

  /** Whether the help text leaves it out. */
  public boolean isHidden() {
    return hidden;
  }

  /**
   * The value of a text.
   *
   * @throws UsageException if it is not one
   */
  T parse(String text) throws UsageException {
    try {
      return parser.parse(text);
    } catch (IllegalArgumentException e) {
      throw new UsageException("invalid value for --" + name() + ": " + e.getMessage());
    }
  }

  private static Boolean parseFlag(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "1", "t" -> true;
      case "false", "0", "f" -> false;
      default -> throw new IllegalArgumentException("\"" + text + "\" is not true or false");
    };
  }

  private static Long parseNumber(String text) {
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("\"" + text + "\" is not a number", e);
    }
  }

  private static Double parseRatio(String text) {
    double ratio;
    try {
      ratio = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("\"" + text + "\" is not a number", e);
    }
    if (!(ratio >= 0 && ratio <= 1)) {
      throw new IllegalArgumentException("\"" + text + "\" is not between 0 and 1");
    }
    return ratio;
  }

  private static Integer parseOctal(String text) {
    try {
      return Integer.valueOf(text, 8);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("\"" + text + "\" is not an octal number", e);
    }
  }
}
