package io.jfs.meta.dump;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.jfs.meta.model.FormatException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Small values of a dump. */
final class JsonValues {
  private JsonValues() {}

  /** Requires a token. */
  static void expect(@Nullable JsonToken found, JsonToken wanted, String where)
      throws FormatException {
    if (found != wanted) {
      throw new FormatException("not a JSON dump: " + wanted + " expected in " + where);
    }
  }

  /** The number members of the object that the parser is at; others are passed over. */
  static Map<String, Long> numbers(JsonParser json, String where)
      throws FormatException, IOException {
    expect(json.currentToken(), JsonToken.START_OBJECT, where);
    Map<String, Long> members = new HashMap<>();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      if (json.nextToken() == JsonToken.VALUE_NUMBER_INT) {
        members.put(name, json.getBigIntegerValue().longValue());
      } else {
        json.skipChildren();
      }
    }
    return members;
  }

  /** An id that stands as a member's name. */
  static long unsigned(String text) throws FormatException {
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw new FormatException("not a JSON dump: \"" + text + "\" is not a number");
    }
  }
}
