package io.jfs.cli.option;

import java.util.List;

/**
 * Options that belong together and stand under one heading in the help text.
 *
 * @param heading e.g. {@code CACHE}
 * @param options in the order of the help text
 */
public record OptionGroup(String heading, List<Option<?>> options) {
  /** A group of these options. */
  public static OptionGroup of(String heading, Option<?>... options) {
    return new OptionGroup(heading, List.of(options));
  }
}
