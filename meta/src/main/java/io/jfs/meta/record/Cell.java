package io.jfs.meta.record;

/**
 * One value under one key. Identity is the constant in {@link Records}.
 *
 * @param <K> key
 * @param <V> value
 */
// The parameters are phantoms: they type the reads and writes that name this constant.
@SuppressWarnings("UnusedTypeParameter")
public final class Cell<K, V> {
  private final String name;

  Cell(String name) {
    this.name = name;
  }

  @Override
  public String toString() {
    return name;
  }
}
