package io.jfs.vfs.virtual;

/** Something that is measured and shown in {@code .stats}. */
@FunctionalInterface
public interface StatsSource {
  /** Takes current values. */
  interface Sink {
    /**
     * One value.
     *
     * @param name as vfs-cli spec 1.3 has it, without the prefix {@code juicefs_}; a label value
     *     already appended
     */
    void value(String name, double value);

    /** One value that is a whole number. */
    default void count(String name, long value) {
      value(name, (double) value);
    }
  }

  /** Gives all its current values to {@code sink}. */
  void collect(Sink sink);
}
