package io.jfs.meta.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The stored text of a volume's settings. Reads any JSON object; writes the style of the format:
 * every member on its own line, no indentation, members in their own order, unknown ones included.
 * Metadata spec section 2.
 */
public final class FormatJson {
  private static final JsonFactory JSON = new JsonFactory();

  /** What people see in place of a secret. */
  public static final String REMOVED = "removed";

  private FormatJson() {}

  /**
   * Settings from their stored text.
   *
   * @throws CorruptRecordException if it is not one JSON object
   */
  public static Format parse(byte[] text) {
    try (JsonParser parser = JSON.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new CorruptRecordException("the volume's setting is not a JSON object");
      }
      Format format = new Format(object(parser));
      if (parser.nextToken() != null) {
        throw new CorruptRecordException("the volume's setting goes on behind its JSON object");
      }
      return format;
    } catch (JsonProcessingException e) {
      throw new CorruptRecordException("the volume's setting: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new CorruptRecordException("the volume's setting: " + e.getMessage());
    }
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

  private static Map<String, @Nullable Object> object(JsonParser parser) throws IOException {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      members.put(name, value(parser, parser.nextToken()));
    }
    return members;
  }

  private static List<@Nullable Object> array(JsonParser parser) throws IOException {
    List<@Nullable Object> values = new ArrayList<>();
    for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
      values.add(value(parser, t));
    }
    return values;
  }

  private static @Nullable Object value(JsonParser parser, JsonToken token) throws IOException {
    return switch (token) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_NULL -> null;
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NUMBER_INT -> integer(parser);
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      default -> parser.getText();
    };
  }

  // Capacity and Inodes are unsigned 64-bit numbers in the format.
  private static Number integer(JsonParser parser) throws IOException {
    return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
        ? parser.getBigIntegerValue()
        : (Number) parser.getLongValue();
  }
}
