package io.jfs.meta.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A volume's settings: the JSON members by name in their written order, so that members of newer
 * clients survive a rewrite. Typed access for those that this client uses. Metadata spec section 2.
 */
public final class Format {
  /** Known members in the order in which the format writes them. */
  private static final List<String> WRITTEN_ORDER =
      List.of(
          "Name",
          "UUID",
          "Storage",
          "StorageClass",
          "Tiers",
          "Bucket",
          "AccessKey",
          "SecretKey",
          "SessionToken",
          "BlockSize",
          "Compression",
          "Shards",
          "HashPrefix",
          "Capacity",
          "Inodes",
          "EncryptKey",
          "EncryptAlgo",
          "KeyEncrypted",
          "UploadLimit",
          "DownloadLimit",
          "TrashDays",
          "MetaVersion",
          "MinClientVersion",
          "MaxClientVersion",
          "DirStats",
          "UserGroupQuota",
          "EnableACL",
          "RangerRestUrl",
          "RangerService",
          "ChangeLog",
          "ChangeLogMaxAge",
          "ChangeLogMaxLines",
          "KerbConf");

  /** Members that are written even when empty. */
  private static final Set<String> ALWAYS_WRITTEN =
      Set.of("Name", "UUID", "Storage", "Tiers", "Bucket", "BlockSize", "TrashDays", "EnableACL");

  private final Map<String, Object> members;

  /**
   * Settings with these members: strings, Long, Double, Boolean, null, and nested Map or List of
   * the same.
   */
  public Format(Map<String, @Nullable Object> members) {
    this.members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
  }

  /** All members, unmodifiable, in written order. */
  public Map<String, Object> members() {
    return members;
  }

  /**
   * A copy with one member set; null removes it. A member that was not there comes where the format
   * writes it, an unknown one last.
   */
  public Format with(String member, @Nullable Object value) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>(members);
    if (value == null) {
      copy.remove(member);
    } else if (copy.containsKey(member)) {
      copy.put(member, value);
    } else {
      copy = inserted(copy, member, value);
    }
    return new Format(copy);
  }

  private static Map<String, @Nullable Object> inserted(
      Map<String, @Nullable Object> members, String member, Object value) {
    Map<String, @Nullable Object> result = new LinkedHashMap<>();
    int place = WRITTEN_ORDER.indexOf(member);
    boolean placed = false;
    for (Map.Entry<String, @Nullable Object> present : members.entrySet()) {
      if (!placed && place >= 0 && WRITTEN_ORDER.indexOf(present.getKey()) > place) {
        result.put(member, value);
        placed = true;
      }
      result.put(present.getKey(), present.getValue());
    }
    if (!placed) {
      result.put(member, value);
    }
    return result;
  }

  /**
   * A copy with one member set as the format writes it: one that may be omitted is, when the value
   * is "", 0 or false.
   */
  public Format set(String member, Object value) {
    boolean isZero =
        value.equals("")
            || value.equals(false)
            || (value instanceof Number n && n.longValue() == 0);
    return with(member, isZero && !ALWAYS_WRITTEN.contains(member) ? null : value);
  }

  /** A text member, or "". */
  public String text(String member) {
    return members.get(member) instanceof String s ? s : "";
  }

  /** A number member, or 0. */
  public long number(String member) {
    return members.get(member) instanceof Number n ? n.longValue() : 0;
  }

  /** A flag member, or false. */
  public boolean flag(String member) {
    return Boolean.TRUE.equals(members.get(member));
  }

  /** The volume's name. */
  public String name() {
    return text("Name");
  }

  /** The volume's id: also key material for secrets in the settings. */
  public String uuid() {
    return text("UUID");
  }

  /** Object store driver. */
  public String storage() {
    return text("Storage");
  }

  /** Where the object store is, in the driver's own grammar. */
  public String bucket() {
    return text("Bucket");
  }

  /** Block size in bytes. */
  public int blockSizeBytes() {
    return Math.toIntExact(number("BlockSize") * 1024);
  }

  /** none, lz4, zstd. */
  public String compression() {
    String name = text("Compression");
    return name.isEmpty() ? "none" : name;
  }

  /** Number of buckets, 0 or 1 for one. */
  public int shards() {
    return (int) number("Shards");
  }

  /** Whether object names are spread by a hash. */
  public boolean hashPrefix() {
    return flag("HashPrefix");
  }

  /** Limit of the volume in bytes, 0 for none. */
  public long capacityBytes() {
    return number("Capacity");
  }

  /** Limit of the number of inodes, 0 for none. */
  public long inodeLimit() {
    return number("Inodes");
  }

  /** Days that deleted files stay in the trash; 0 = no trash. */
  public int trashDays() {
    return (int) number("TrashDays");
  }

  /** Whether usage per directory is kept. */
  public boolean dirStats() {
    return flag("DirStats");
  }

  /** Whether POSIX ACLs are kept. */
  public boolean aclEnabled() {
    return flag("EnableACL");
  }
}
