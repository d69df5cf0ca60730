package io.jfs.chunk.object;

/** Lengths in UTF-8. */
final class Utf8 {
  private Utf8() {}

  /** Bytes that the first {@code chars} chars of {@code text} take. */
  static int lengthBytes(String text, int chars) {
    int bytes = 0;
    for (int i = 0; i < chars; i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        bytes += 1;
      } else if (c < 0x800 || Character.isSurrogate(c)) {
        bytes += 2; // a surrogate is half of four bytes
      } else {
        bytes += 3;
      }
    }
    return bytes;
  }
}
