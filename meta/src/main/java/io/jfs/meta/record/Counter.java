package io.jfs.meta.record;

/**
 * A vector of numbers under one key to which additions commute, so that they need no observation.
 * An absent counter adds up from zeros. Identity is the constant in {@link Records}.
 *
 * @param <K> key
 */
// The parameters are phantoms: they type the reads and writes that name this constant.
@SuppressWarnings("UnusedTypeParameter")
public final class Counter<K> {
  private final String name;
  private final int width;

  Counter(String name, int width) {
    this.name = name;
    this.width = width;
  }

  /** How many numbers the vector has. */
  public int width() {
    return width;
  }

  @Override
  public String toString() {
    return name;
  }
}
