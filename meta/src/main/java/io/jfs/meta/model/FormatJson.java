package io.jfs.meta.model;

import java.nio.charset.StandardCharsets;

/**
 * The stored text of a volume's settings. Reads any JSON object; writes the style of the format:
 * every member on its own line, no indentation, members in their own order, unknown ones included.
 * Metadata spec section 2.
 */
public final class FormatJson {
  /** What people see in place of a secret. */
  public static final String REMOVED = "removed";

  private FormatJson() {}

  /**
   * Settings from their stored text.
   *
   * @throws CorruptRecordException if it is not one JSON object
   */
  public static Format parse(byte[] text) {
    return new Format(JsonReader.object(text, "the volume's setting"));
  }

  /** The stored text. */
  public static byte[] toBytes(Format format) {
    return toText(format, "").getBytes(StandardCharsets.UTF_8);
  }

  /** Text for people: two spaces of indentation, secrets replaced by {@code removed}. */
  public static String toDisplay(Format format) {
    return toText(FormatSecrets.masked(format), "  ");
  }

  private static String toText(Format format, String indent) {
    return JsonText.of(format.members(), indent);
  }
}
