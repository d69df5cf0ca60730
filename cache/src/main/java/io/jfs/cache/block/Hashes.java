package io.jfs.cache.block;

import java.nio.charset.StandardCharsets;

/** Hash functions that decide where things lie, and so are part of the format. */
public final class Hashes {
  private static final int FNV_OFFSET = 0x811C9DC5;
  private static final int FNV_PRIME = 0x01000193;

  private Hashes() {}

  /** FNV-1a, 32 bit, of the UTF-8 bytes. */
  public static int fnv1a32(String text) {
    int hash = FNV_OFFSET;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xFF)) * FNV_PRIME;
    }
    return hash;
  }

  /** FNV-1, 32 bit, of the UTF-8 bytes. */
  static int fnv1(String text) {
    int hash = FNV_OFFSET;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash * FNV_PRIME) ^ (b & 0xFF);
    }
    return hash;
  }

  /** MurmurHash3 x86, 32 bit, seed 0, of the UTF-8 bytes. */
  static int murmur3(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int hash = 0;
    int whole = bytes.length & ~3;
    for (int i = 0; i < whole; i += 4) {
      int k = littleEndian(bytes, i, 4);
      hash = Integer.rotateLeft(hash ^ scramble(k), 13) * 5 + 0xE6546B64;
    }
    if (whole < bytes.length) {
      hash ^= scramble(littleEndian(bytes, whole, bytes.length - whole));
    }
    return finish(hash ^ bytes.length);
  }

  private static int littleEndian(byte[] bytes, int from, int count) {
    int value = 0;
    for (int i = count - 1; i >= 0; i--) {
      value = value << 8 | (bytes[from + i] & 0xFF);
    }
    return value;
  }

  private static int scramble(int k) {
    return Integer.rotateLeft(k * 0xCC9E2D51, 15) * 0x1B873593;
  }

  private static int finish(int hash) {
    int h = hash;
    h = (h ^ (h >>> 16)) * 0x85EBCA6B;
    h = (h ^ (h >>> 13)) * 0xC2B2AE35;
    return h ^ (h >>> 16);
  }
}
