package io.jfs.meta.engine.redis;

import io.jfs.meta.record.codec.Codec;
import io.jfs.meta.record.codec.Shapes;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Values and key parts that Redis keeps as text: decimal numbers, scores, lock kinds. Spec 3.1. */
final class TextCodecs {
  /** A decimal number. */
  static final Codec<Long> DECIMAL =
      codec(value -> Long.toString(value), TextCodecs::parse, "a decimal number");

  /** A score of a sorted set, read as what it is cut to a whole number. */
  static final Codec<Long> SCORE =
      codec(value -> Long.toString(value), TextCodecs::parseScore, "a whole score");

  /** W for a write lock, R for a read lock. */
  static final Codec<Boolean> LOCK_KIND =
      codec(
          exclusive -> exclusive ? "W" : "R",
          text -> text.equals("W") ? Boolean.TRUE : text.equals("R") ? Boolean.FALSE : null,
          "R or W");

  /** A member of a set: there is nothing more to it. */
  static final Codec<Boolean> MEMBER = codec(value -> "1", text -> Boolean.TRUE, "a member");

  private TextCodecs() {}

  private static <V> Codec<V> codec(
      Function<V, String> format, Function<String, @Nullable V> parse, String expected) {
    return new Codec<>() {
      @Override
      public byte[] encode(V value) {
        return KeyCommand.ascii(format.apply(value));
      }

      @Override
      public V decode(byte[] stored, Object place) {
        V value = parse.apply(text(stored));
        if (value == null) {
          throw Shapes.corrupt(place, stored, expected);
        }
        return value;
      }
    };
  }

  /** Bytes one to one, so that no byte is lost before a parser has looked at it. */
  static String text(byte[] stored) {
    return new String(stored, StandardCharsets.ISO_8859_1);
  }

  /** A number in its one decimal form; null for anything else. */
  static @Nullable Long parse(String text) {
    if (text.isEmpty() || text.length() > 20 || text.charAt(0) == '+') {
      return null;
    }
    try {
      long number = Long.parseLong(text);
      return Long.toString(number).equals(text) ? number : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static @Nullable Long parseScore(String text) {
    Long whole = parse(text);
    if (whole != null) {
      return whole;
    }
    try {
      return (long) Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
