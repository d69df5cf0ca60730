package io.jfs.cache.block;

import java.util.Locale;

/** Which block goes when the cache is full (data format 3.7). */
public enum Eviction {
  /** None: new blocks are not kept while the cache is full. */
  NONE,
  /** The older of two random ones. */
  TWO_RANDOM,
  /** The one not used for the longest time; of those the biggest. */
  LRU;

  /**
   * The policy of that name ({@code none}, {@code 2-random}, {@code lru}).
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Eviction parse(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "none" -> NONE;
      case "2-random", "" -> TWO_RANDOM;
      case "lru" -> LRU;
      default -> throw new IllegalArgumentException("invalid cache eviction policy: " + name);
    };
  }
}
