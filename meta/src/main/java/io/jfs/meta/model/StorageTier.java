package io.jfs.meta.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How the object store keeps the data of files of one tier: member {@code Tiers} of the settings
 * (data spec 1.8 and 3.11).
 *
 * @param id 0 to 3; files have 0 unless told otherwise
 * @param storageClass the store's name for it, or empty
 * @param tag for new objects as {@code key=value}, or empty
 */
public record StorageTier(int id, String storageClass, String tag) {
  /** The highest id. */
  public static final int MAX_ID = 3;

  /** Those that are set, by id; volumes from before there were tiers have one. */
  public static SortedMap<Integer, StorageTier> of(Format format) {
    SortedMap<Integer, StorageTier> found = new TreeMap<>();
    if (format.members().get("Tiers") instanceof Map<?, ?> tiers) {
      tiers.forEach(
          (id, members) -> {
            if (members instanceof Map<?, ?> tier && String.valueOf(id).matches("[0-3]")) {
              int number = Integer.parseInt(String.valueOf(id));
              found.put(
                  number, new StorageTier(number, text(tier, "StorageClass"), text(tier, "Tag")));
            }
          });
    }
    found.putIfAbsent(0, new StorageTier(0, format.text("StorageClass"), ""));
    return found;
  }

  /** Tier 0. */
  public static StorageTier ofNewFiles(Format format) {
    StorageTier set = of(format).get(0);
    return set != null ? set : new StorageTier(0, "", "");
  }

  private static String text(Map<?, ?> members, String name) {
    return members.get(name) instanceof String text ? text : "";
  }

  /**
   * Checks it.
   *
   * @throws FormatException if the tag is not {@code key=value}
   */
  public void requireValid() throws FormatException {
    if (!tag.isEmpty() && (tag.startsWith("=") || tag.chars().filter(c -> c == '=').count() != 1)) {
      throw new FormatException("invalid tag \"" + tag + "\", it must be KEY=VALUE");
    }
  }

  /** The settings with this tier in them. */
  public Format addTo(Format format) {
    SortedMap<Integer, StorageTier> tiers = of(format);
    tiers.put(id, this);
    Map<String, Object> members = new LinkedHashMap<>();
    tiers.forEach((number, tier) -> members.put(Integer.toString(number), tier.members()));
    Format changed = format.set("Tiers", members);
    return id == 0 ? changed.set("StorageClass", storageClass) : changed;
  }

  private Map<String, Object> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("ID", (long) id);
    members.put("StorageClass", storageClass);
    members.put("Tag", tag);
    return members;
  }
}
