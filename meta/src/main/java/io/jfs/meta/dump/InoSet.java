package io.jfs.meta.dump;

import io.jfs.meta.model.Ino;
import java.util.HashMap;
import java.util.Map;

/**
 * A set of inodes: bits in blocks, because inodes are handed out in batches and lie close together.
 * A million of them take about 200 KiB.
 */
final class InoSet {
  private static final int WORDS = 16;
  private static final int BITS = WORDS * Long.SIZE;

  private final Map<Long, long[]> blocks = new HashMap<>();

  /** Adds one; whether it was not there. */
  boolean add(Ino ino) {
    long[] block = blocks.computeIfAbsent(ino.value() / BITS, b -> new long[WORDS]);
    int bit = (int) (ino.value() % BITS);
    long mask = 1L << bit;
    boolean isNew = (block[bit / Long.SIZE] & mask) == 0;
    block[bit / Long.SIZE] |= mask;
    return isNew;
  }
}
