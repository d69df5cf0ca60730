package io.jfs.meta.record;

/**
 * Fields and their values under one key; a table without fields does not exist. Identity is the
 * constant in {@link Records}.
 *
 * @param <K> key
 * @param <F> field
 * @param <V> value of a field
 */
// The parameters are phantoms: they type the reads and writes that name this constant.
@SuppressWarnings("UnusedTypeParameter")
public final class Table<K, F, V> {
  private final String name;

  Table(String name) {
    this.name = name;
  }

  @Override
  public String toString() {
    return name;
  }
}
