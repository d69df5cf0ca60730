package io.jfs.cli.option;

import java.util.Map;

/** The options that the user gave, with the defaults of all others. Immutable. */
public final class Options {
  private final Map<String, String> given;
  private final Map<String, Object> values;

  private Options(Map<String, String> given, Map<String, Object> values) {
    this.given = given;
    this.values = values;
  }

  /**
   * Values of options by name.
   *
   * @throws UsageException if one cannot be parsed
   */
  static Options of(Iterable<Option<?>> known, Map<String, String> given) throws UsageException {
    Map<String, Object> values = new java.util.HashMap<>();
    for (Option<?> option : known) {
      String text = given.get(option.name());
      if (text != null) {
        values.put(option.name(), option.parse(text));
      }
    }
    return new Options(Map.copyOf(given), values);
  }

  /** The option's value, or its default. */
  public <T> T get(Option<T> option) {
    Object value = values.get(option.name());
    if (value == null) {
      return defaultOf(option);
    }
    @SuppressWarnings("unchecked") // put by the parser of the same option
    T typed = (T) value;
    return typed;
  }

  /** What the user gave, by the options' names, as he wrote it. */
  public Map<String, String> given() {
    return given;
  }

  /** Whether the user gave it. */
  public boolean has(Option<?> option) {
    return given.containsKey(option.name());
  }

  private static <T> T defaultOf(Option<T> option) {
    try {
      return option.parse(option.defaultText());
    } catch (UsageException e) {
      throw new AssertionError("default of " + option.name(), e);
    }
  }
}
