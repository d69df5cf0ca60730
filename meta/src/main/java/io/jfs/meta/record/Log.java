package io.jfs.meta.record;

/**
 * Entries in the order in which they were appended, under one key; an empty log does not exist.
 * Identity is the constant in {@link Records}.
 *
 * @param <K> key
 * @param <E> entry
 */
// The parameters are phantoms: they type the reads and writes that name this constant.
@SuppressWarnings("UnusedTypeParameter")
public final class Log<K, E> {
  private final String name;

  Log(String name) {
    this.name = name;
  }

  @Override
  public String toString() {
    return name;
  }
}
