package io.jfs.meta.model;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON as the reference's language does, so that texts can be compared byte for byte: one
 * member per line, {@code "Key": value}, and {@code < > &} escaped.
 */
public final class JsonText {
  private final StringBuilder out = new StringBuilder(512);
  private final String indent;
  private int depth;

  private JsonText(String indent) {
    this.indent = indent;
  }

  /**
   * The text of a value: Map, List, String, Number, Boolean or null.
   *
   * @param indent repeated per level; "" still breaks lines
   */
  public static String of(@Nullable Object value, String indent) {
    JsonText text = new JsonText(indent);
    text.value(value);
    return text.out.toString();
  }

  /** The text of a value on one line, without any space. */
  public static String compact(@Nullable Object value) {
    StringBuilder out = new StringBuilder(256);
    compact(out, value);
    return out.toString();
  }

  private static void compact(StringBuilder out, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      String separator = "{";
      for (Map.Entry<?, ?> member : map.entrySet()) {
        out.append(separator);
        quote(out, String.valueOf(member.getKey()));
        compact(out.append(':'), member.getValue());
        separator = ",";
      }
      out.append(map.isEmpty() ? "{}" : "}");
    } else if (value instanceof List<?> list) {
      String separator = "[";
      for (Object element : list) {
        compact(out.append(separator), element);
        separator = ",";
      }
      out.append(list.isEmpty() ? "[]" : "]");
    } else {
      scalar(out, value);
    }
  }

  private void value(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      object(map);
    } else if (value instanceof List<?> list) {
      array(list);
    } else {
      scalar(out, value);
    }
  }

  private static void scalar(StringBuilder out, @Nullable Object value) {
    if (value instanceof String s) {
      quote(out, s);
    } else {
      out.append(value);
    }
  }

  private void object(Map<?, ?> map) {
    out.append('{');
    depth++;
    for (Iterator<? extends Map.Entry<?, ?>> i = map.entrySet().iterator(); i.hasNext(); ) {
      Map.Entry<?, ?> member = i.next();
      newLine();
      quote(out, String.valueOf(member.getKey()));
      out.append(": ");
      value(member.getValue());
      separate(i.hasNext());
    }
    depth--;
    close(map.isEmpty(), '}');
  }

  private void array(List<?> list) {
    out.append('[');
    depth++;
    for (Iterator<?> i = list.iterator(); i.hasNext(); ) {
      newLine();
      value(i.next());
      separate(i.hasNext());
    }
    depth--;
    close(list.isEmpty(), ']');
  }

  private void separate(boolean more) {
    if (more) {
      out.append(',');
    }
  }

  private void close(boolean empty, char bracket) {
    if (!empty) {
      newLine();
    }
    out.append(bracket);
  }

  private void newLine() {
    out.append('\n').append(indent.repeat(depth));
  }

  private static void quote(StringBuilder out, String text) {
    out.append('"');
    text.chars().forEach(c -> escape(out, (char) c));
    out.append('"');
  }

  private static void escape(StringBuilder out, char c) {
    switch (c) {
      case '"', '\\' -> out.append('\\').append(c);
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      case '<', '>', '&', '\u2028', '\u2029' -> out.append(String.format("\\u%04x", (int) c));
      default -> {
        if (c < 0x20) {
          out.append(String.format("\\u%04x", (int) c));
        } else {
          out.append(c);
        }
      }
    }
  }
}
