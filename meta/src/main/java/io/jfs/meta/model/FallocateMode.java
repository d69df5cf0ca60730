package io.jfs.meta.model;

/** What fallocate(2) is asked to do; other combinations are refused before they come here. */
public enum FallocateMode {
  /** Make room, growing the file. */
  ALLOCATE(0),
  /** Make room behind the end without growing (KEEP_SIZE). */
  ALLOCATE_KEEP_SIZE(1),
  /** Zero a range, growing the file (ZERO_RANGE). */
  ZERO_RANGE(0x10),
  /** Zero a range within the file (ZERO_RANGE | KEEP_SIZE). */
  ZERO_RANGE_KEEP_SIZE(0x11),
  /** Make a hole (PUNCH_HOLE | KEEP_SIZE). */
  PUNCH_HOLE(3);

  private final int bits;

  FallocateMode(int bits) {
    this.bits = bits;
  }

  /** Linux' FALLOC_FL_ bits. */
  public int bits() {
    return bits;
  }
}
