package io.jfs.cli.control;

import io.jfs.meta.model.CorruptRecordException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Members of a JSON object by name. One that is missing or null is 0, false, "", or empty, as the
 * reference leaves out what is so.
 */
public final class Fields {
  /** An empty object. */
  public static final Fields NONE = new Fields(Map.of());

  private final Map<?, ?> members;

  private Fields(Map<?, ?> members) {
    this.members = members;
  }

  static Fields of(Map<?, ?> members) {
    return new Fields(members);
  }

  /** A whole number; one above Long.MAX_VALUE is taken as unsigned. */
  public long number(String name) {
    return members.get(name) instanceof Number number ? number.longValue() : 0;
  }

  /** Yes or no. */
  public boolean flag(String name) {
    return Boolean.TRUE.equals(members.get(name));
  }

  /** Any text. */
  public String text(String name) {
    Object value = members.get(name);
    return value == null ? "" : value.toString();
  }

  /** Several texts. */
  public List<String> texts(String name) {
    return list(name).stream().map(String::valueOf).toList();
  }

  /** An object. */
  public Fields object(String name) {
    return asFields(members.get(name));
  }

  /** Several objects. */
  public List<Fields> objects(String name) {
    return list(name).stream().map(Fields::asFields).toList();
  }

  /** Numbers by their names. */
  public Map<String, Long> numbers() {
    Map<String, Long> numbers = new TreeMap<>();
    Set<?> names = members.keySet();
    names.forEach(name -> numbers.put(name.toString(), number(name.toString())));
    return numbers;
  }

  private List<?> list(String name) {
    return members.get(name) instanceof List<?> list ? list : List.of();
  }

  private static Fields asFields(@Nullable Object value) {
    if (value == null) {
      return NONE;
    }
    if (value instanceof Map<?, ?> map) {
      return new Fields(map);
    }
    throw new CorruptRecordException("the answer of the mount has \"" + value + "\" for an object");
  }
}
