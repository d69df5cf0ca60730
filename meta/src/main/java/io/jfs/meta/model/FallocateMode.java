package io.jfs.meta.model;

/** What fallocate(2) is asked to do; other combinations are refused before they come here. */
public enum FallocateMode {
  /** Make room, growing the file. */
  ALLOCATE,
  /** Make room behind the end without growing (KEEP_SIZE). */
  ALLOCATE_KEEP_SIZE,
  /** Zero a range, growing the file (ZERO_RANGE). */
  ZERO_RANGE,
  /** Zero a range within the file (ZERO_RANGE | KEEP_SIZE). */
  ZERO_RANGE_KEEP_SIZE,
  /** Make a hole (PUNCH_HOLE | KEEP_SIZE). */
  PUNCH_HOLE
}
