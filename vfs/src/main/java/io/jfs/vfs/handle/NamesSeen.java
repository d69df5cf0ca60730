package io.jfs.vfs.handle;

import io.jfs.meta.model.Name;
import java.util.Arrays;

/**
 * On which page of a listing a name came first, for engines that may repeat names on later pages.
 * Keeps a 64-bit hash per name: about 24 bytes instead of the name.
 */
final class NamesSeen {
  private static final int FIRST_CAPACITY = 1 << 10;

  private long[] hashes = new long[FIRST_CAPACITY];
  private int[] pages = new int[FIRST_CAPACITY];
  private int count;

  /** The page on which a name came first: {@code page} if it is new. */
  int firstPage(Name name, int page) {
    if (2 * count >= hashes.length) {
      grow();
    }
    return put(hash(name.bytes()), page);
  }

  private int put(long hash, int page) {
    int mask = hashes.length - 1;
    int place = (int) (hash >>> 20) & mask;
    while (hashes[place] != 0 && hashes[place] != hash) {
      place = (place + 1) & mask;
    }
    if (hashes[place] == 0) {
      hashes[place] = hash;
      pages[place] = page;
      count++;
    }
    return pages[place];
  }

  private void grow() {
    long[] oldHashes = hashes;
    int[] oldPages = pages;
    hashes = new long[2 * oldHashes.length];
    pages = new int[2 * oldPages.length];
    count = 0;
    for (int i = 0; i < oldHashes.length; i++) {
      if (oldHashes[i] != 0) {
        put(oldHashes[i], oldPages[i]);
      }
    }
  }

  void clear() {
    Arrays.fill(hashes, 0);
    count = 0;
  }

  /** FNV-1a, mixed; never 0. */
  private static long hash(byte[] bytes) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : bytes) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    hash ^= hash >>> 32;
    hash *= 0x9E3779B97F4A7C15L;
    hash ^= hash >>> 29;
    return hash == 0 ? 1 : hash;
  }
}
