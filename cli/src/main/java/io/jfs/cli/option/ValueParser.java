package io.jfs.cli.option;

/** Turns the text of an option into its value. */
@FunctionalInterface
public interface ValueParser<T> {
  /**
   * The value.
   *
   * @throws IllegalArgumentException with a message for the user if the text is not one
   */
  T parse(String text);
}
