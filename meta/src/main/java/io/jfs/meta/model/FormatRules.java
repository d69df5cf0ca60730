package io.jfs.meta.model;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a volume's settings may say, and which clients may use them. Metadata spec section 2,
 * vfs-cli spec 3.4.
 */
public final class FormatRules {
  /** The newest layout of metadata that this client knows. */
  public static final int META_VERSION = 1;

  /** Smallest block size, KiB. */
  public static final int MIN_BLOCK_KIB = 64;

  /** Largest block size, KiB. */
  public static final int MAX_BLOCK_KIB = 16384;

  private static final int MAX_SHARDS = 256;
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9\\-]{1,61}[a-z0-9]");
  private static final Set<String> COMPRESSIONS = Set.of("", "none", "lz4", "zstd");
  private static final Set<String> CIPHERS = Set.of("", "aes256gcm-rsa", "chacha20-rsa", "sm4gcm");

  /** Members whose change would make stored blocks unreadable, with their words in messages. */
  private static final List<Fixed> FIXED =
      List.of(
          new Fixed("Name", "volume name"),
          new Fixed("BlockSize", "block size"),
          new Fixed("Compression", "compression"),
          new Fixed("Shards", "shards"),
          new Fixed("HashPrefix", "hash prefix"),
          new Fixed("MetaVersion", "meta version"));

  private record Fixed(String member, String words) {}

  private FormatRules() {}

  /**
   * Requires settings that a volume can be created with.
   *
   * @throws FormatException the first thing wrong
   */
  public static void requireValid(Format format) throws FormatException {
    require(
        NAME.matcher(format.name()).matches(),
        "invalid name: \""
            + format.name()
            + "\", only alphabet, number and - are allowed, and the length should be 3 to 63"
            + " characters.");
    long kib = format.number("BlockSize");
    require(
        kib >= MIN_BLOCK_KIB && kib <= MAX_BLOCK_KIB && Long.bitCount(kib) == 1,
        "invalid block size: " + kib + " KiB, a power of two from 64 to 16384 is needed");
    require(
        COMPRESSIONS.contains(format.compression().toLowerCase(Locale.ROOT)),
        "Unsupported compress algorithm: \"" + format.compression() + "\"");
    require(
        CIPHERS.contains(format.text("EncryptAlgo")),
        "Unsupported encrypt algorithm: \"" + format.text("EncryptAlgo") + "\"");
    require(
        format.number("Shards") >= 0 && format.number("Shards") <= MAX_SHARDS,
        "too many shards: " + format.number("Shards") + " > " + MAX_SHARDS);
    require(format.number("TrashDays") >= 0, "trash-days must be 0 or more");
  }

  /**
   * Requires that no member that is fixed for the volume's life differs.
   *
   * @throws FormatException for example {@code cannot update volume name from a to b}
   */
  public static void requireCompatible(Format stored, Format wanted) throws FormatException {
    for (Fixed fixed : FIXED) {
      String before = shown(stored, fixed.member);
      String after = shown(wanted, fixed.member);
      require(
          before.equals(after),
          "cannot update " + fixed.words + " from " + before + " to " + after);
    }
  }

  private static String shown(Format format, String member) {
    return switch (member) {
      case "Name" -> format.name();
      case "Compression" -> format.compression();
      case "HashPrefix" -> String.valueOf(format.hashPrefix());
      default -> String.valueOf(format.number(member));
    };
  }

  /**
   * Requires that a client of this version may use the volume.
   *
   * @throws FormatException the volume is newer, or shuts this version out
   */
  public static void requireUsable(Format format, ClientVersion client) throws FormatException {
    require(
        format.number("MetaVersion") <= META_VERSION,
        "incompatible metadata version: "
            + format.number("MetaVersion")
            + "; please upgrade the client");
    String min = format.text("MinClientVersion");
    require(
        min.isEmpty() || client.compareTo(version(min)) >= 0,
        "allowed minimum version: " + min + "; please upgrade the client");
    String max = format.text("MaxClientVersion");
    require(
        max.isEmpty() || client.compareTo(version(max)) <= 0,
        "allowed maximum version: " + max + "; please use an older client");
  }

  /**
   * The settings with the least version raised as far as their features need it; it is never
   * lowered.
   */
  public static Format withNeededClient(Format format) throws FormatException {
    String needed = "1.1.0-A";
    if (format.aclEnabled()) {
      needed = "1.2.0-A";
    }
    if (!format.text("RangerRestUrl").isEmpty() || !format.text("RangerService").isEmpty()) {
      needed = "1.3.0-A";
    }
    if (!format.text("KerbConf").isEmpty() || usesTiers(format)) {
      needed = "1.4.0-A";
    }
    String present = format.text("MinClientVersion");
    boolean raise = present.isEmpty() || version(present).compareTo(version(needed)) < 0;
    return raise ? format.with("MinClientVersion", needed) : format;
  }

  private static boolean usesTiers(Format format) {
    return format.members().get("Tiers") instanceof Map<?, ?> tiers
        && tiers.keySet().stream().anyMatch(id -> !"0".equals(id));
  }

  private static ClientVersion version(String text) throws FormatException {
    try {
      return ClientVersion.parse(text);
    } catch (IllegalArgumentException e) {
      throw new FormatException("invalid client version in the volume's setting: " + text);
    }
  }

  private static void require(boolean holds, String message) throws FormatException {
    if (!holds) {
      throw new FormatException(message);
    }
  }
}
