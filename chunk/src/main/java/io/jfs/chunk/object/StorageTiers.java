package io.jfs.chunk.object;

import java.util.Map;

/**
 * How a store keeps the objects of each storage tier, 0 to 3 (data format 3.11).
 *
 * @param byId what is set; a tier that is not is kept like tier 0
 */
public record StorageTiers(Map<Integer, Tier> byId) {
  /** Everything as the store does it by itself. */
  public static final StorageTiers NONE = new StorageTiers(Map.of());

  /**
   * One of them.
   *
   * @param storageClass the store's name for it, or empty
   * @param tag for new objects as {@code key=value}, or empty
   */
  public record Tier(String storageClass, String tag) {
    private static final Tier DEFAULT = new Tier("", "");
  }

  /** Copies. */
  public StorageTiers {
    byId = Map.copyOf(byId);
  }

  /** How objects of this tier are kept. */
  public Tier tier(int id) {
    return byId.getOrDefault(id, byId.getOrDefault(0, Tier.DEFAULT));
  }
}
