package io.jfs.cache.page;

/**
 * The sizes that pages come in: powers of two from 4 KiB, and above 64 KiB also the quarters
 * between them, so that a block of 4 MiB and a little more does not take 8 MiB. Sizes above {@link
 * #MAX_BYTES} are not pooled.
 */
final class SizeClass {
  static final int MIN_BYTES = 4 << 10;
  static final int MAX_BYTES = 32 << 20;
  private static final int MIN_SHIFT = 12;
  private static final int QUARTER_SHIFT = 16;
  private static final int WHOLE_CLASSES = QUARTER_SHIFT - MIN_SHIFT;
  static final int COUNT = of(MAX_BYTES) + 1;

  private SizeClass() {}

  /** Number of the smallest class that holds {@code bytes} (1 to {@link #MAX_BYTES}). */
  static int of(int bytes) {
    if (bytes <= MIN_BYTES) {
      return 0;
    }
    int shift = 31 - Integer.numberOfLeadingZeros(bytes - 1); // 2^shift < bytes <= 2^(shift+1)
    if (shift < QUARTER_SHIFT) {
      return shift + 1 - MIN_SHIFT;
    }
    int quarter = (bytes - 1 - (1 << shift)) >>> (shift - 2);
    return WHOLE_CLASSES + (shift - QUARTER_SHIFT) * 4 + quarter + 1;
  }

  /** Size in bytes of pages of a class. */
  static int bytes(int index) {
    if (index <= WHOLE_CLASSES) {
      return 1 << (MIN_SHIFT + index);
    }
    int step = index - WHOLE_CLASSES - 1;
    int shift = QUARTER_SHIFT + step / 4;
    return (1 << shift) + (step % 4 + 1) * (1 << (shift - 2));
  }
}
