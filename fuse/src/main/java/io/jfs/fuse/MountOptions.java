package io.jfs.fuse;

import io.jfs.fuse.device.MountPoint;
import io.jfs.fuse.device.MountRequest;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * How to mount: the words behind {@code -o} sorted into what the kernel's mount wants, what INIT
 * wants and what the client wants. Immutable.
 *
 * @param source what /proc/mounts shows as the device
 * @param subtype the file system type behind "fuse."
 * @param features what is switched on
 * @param mountFlags mount(2)'s flags
 * @param maxIoBytes the largest read or write request, 4 KiB to 1 MiB
 * @param passedOn words that are not ours, for the kernel as they are
 */
public record MountOptions(
    String source,
    String subtype,
    Set<Feature> features,
    long mountFlags,
    int maxIoBytes,
    List<String> passedOn) {

  /** The largest request the kernel makes (256 pages). */
  public static final int MAX_IO_BYTES = 1 << 20;

  /** What may be switched on, each by the word of the same name in lower case. */
  public enum Feature {
    /** Users other than the mounting one may use the mount. */
    ALLOW_OTHER,
    /** The mounting user and root may use the mount. */
    ALLOW_ROOT,
    /** The kernel checks mode bits and ACLs. */
    DEFAULT_PERMISSIONS,
    /**
     * The client refuses changes. The mount itself stays rw, or the control file could not be
     * written.
     */
    RO,
    /** Accepted for old scripts: mounting over a directory with content is always allowed. */
    NONEMPTY,
    /** Every operation is logged at debug level. */
    DEBUG,
    /** The kernel buffers writes. */
    WRITEBACK_CACHE,
    /** O_DIRECT requests go out in parallel; while one runs it cannot be interrupted. */
    ASYNC_DIO,
    /** The kernel enforces POSIX ACLs that the volume keeps. */
    POSIX_ACL,
    /** Every reader thread has a channel of its own. */
    CLONE_FD
  }

  private record FlagWord(long set, long cleared) {}

  private static final Map<String, FlagWord> FLAG_WORDS =
      Map.ofEntries(
          Map.entry("nosuid", new FlagWord(MountRequest.MS_NOSUID, 0)),
          Map.entry("suid", new FlagWord(0, MountRequest.MS_NOSUID)),
          Map.entry("nodev", new FlagWord(MountRequest.MS_NODEV, 0)),
          Map.entry("dev", new FlagWord(0, MountRequest.MS_NODEV)),
          Map.entry("noexec", new FlagWord(MountRequest.MS_NOEXEC, 0)),
          Map.entry("exec", new FlagWord(0, MountRequest.MS_NOEXEC)),
          Map.entry("sync", new FlagWord(MountRequest.MS_SYNCHRONOUS, 0)),
          Map.entry("async", new FlagWord(0, MountRequest.MS_SYNCHRONOUS)),
          Map.entry("dirsync", new FlagWord(MountRequest.MS_DIRSYNC, 0)),
          Map.entry("noatime", new FlagWord(MountRequest.MS_NOATIME, 0)),
          Map.entry("atime", new FlagWord(0, MountRequest.MS_NOATIME)),
          Map.entry("nodiratime", new FlagWord(MountRequest.MS_NODIRATIME, 0)),
          Map.entry("diratime", new FlagWord(0, MountRequest.MS_NODIRATIME)),
          Map.entry("strictatime", new FlagWord(MountRequest.MS_STRICTATIME, 0)));

  /** Words for mount(8) and fstab(5), not for a file system. */
  private static final Set<String> IGNORED =
      Set.of(
          "defaults",
          "rw",
          "auto",
          "noauto",
          "user",
          "nouser",
          "users",
          "owner",
          "group",
          "_netdev",
          "nofail",
          "relatime",
          "norelatime",
          "nonempty");

  public MountOptions {
    features = Set.copyOf(features);
    passedOn = List.copyOf(passedOn);
    if (maxIoBytes < 4096 || maxIoBytes > MAX_IO_BYTES) {
      throw new IllegalArgumentException("max_read must be 4096 to " + MAX_IO_BYTES + " bytes");
    }
  }

  /**
   * The defaults for a volume: nosuid, nodev, permissions checked by the kernel, 1 MiB requests,
   * and as root open to all users.
   */
  public static MountOptions of(String volumeName) {
    Set<Feature> features = EnumSet.of(Feature.DEFAULT_PERMISSIONS);
    if (MountPoint.effectiveUid() == 0) {
      features.add(Feature.ALLOW_OTHER);
    }
    return new MountOptions(
        "JuiceFS:" + volumeName,
        "juicefs",
        features,
        MountRequest.MS_NOSUID | MountRequest.MS_NODEV,
        MAX_IO_BYTES,
        List.of());
  }

  /**
   * These options changed by comma-separated words as {@code -o} takes them.
   *
   * @throws IllegalArgumentException a word's value is no number or out of range
   */
  public MountOptions parse(String words) {
    MountOptions result = this;
    for (String word : words.split(",")) {
      if (!word.isBlank()) {
        result = result.parseWord(word.strip());
      }
    }
    return result;
  }

  private MountOptions parseWord(String word) {
    int equals = word.indexOf('=');
    if (equals > 0) {
      return parseSetting(word, word.substring(0, equals), word.substring(equals + 1));
    }
    for (Feature feature : Feature.values()) {
      if (feature.name().toLowerCase(Locale.ROOT).equals(word)) {
        return with(feature);
      }
    }
    FlagWord flag = FLAG_WORDS.get(word);
    if (flag != null) {
      return withFlags((mountFlags & ~flag.cleared) | flag.set);
    }
    return isIgnored(word) ? this : passOn(word);
  }

  private MountOptions parseSetting(String word, String name, String value) {
    return switch (name) {
      case "fsname" -> new MountOptions(value, subtype, features, mountFlags, maxIoBytes, passedOn);
      case "subtype" -> new MountOptions(source, value, features, mountFlags, maxIoBytes, passedOn);
      case "max_read" -> withMaxIoBytes(number(word, value));
      case "max_write" -> withMaxIoBytes(number(word, value));
      default -> isIgnored(name) ? this : passOn(word);
    };
  }

  private static int number(String word, String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("mount option " + word + ": not a number", e);
    }
  }

  private static boolean isIgnored(String name) {
    return IGNORED.contains(name) || name.startsWith("x-") || name.equals("comment");
  }

  /** Whether a feature is on. */
  public boolean has(Feature feature) {
    return features.contains(feature);
  }

  /** These options with a feature on. */
  public MountOptions with(Feature feature) {
    EnumSet<Feature> more = EnumSet.of(feature);
    more.addAll(features);
    return withFeatures(more);
  }

  /** These options with a feature off. */
  public MountOptions without(Feature feature) {
    EnumSet<Feature> fewer = EnumSet.noneOf(Feature.class);
    fewer.addAll(features);
    fewer.remove(feature);
    return withFeatures(fewer);
  }

  /** These options with another limit of a request, in bytes. */
  public MountOptions withMaxIoBytes(int bytes) {
    return new MountOptions(source, subtype, features, mountFlags, bytes, passedOn);
  }

  private MountOptions withFeatures(Set<Feature> other) {
    return new MountOptions(source, subtype, other, mountFlags, maxIoBytes, passedOn);
  }

  private MountOptions withFlags(long flags) {
    return new MountOptions(source, subtype, features, flags, maxIoBytes, passedOn);
  }

  private MountOptions passOn(String word) {
    List<String> more = new ArrayList<>(passedOn);
    more.add(word);
    return new MountOptions(source, subtype, features, mountFlags, maxIoBytes, more);
  }

  /** What the kernel's mount is asked for. */
  public MountRequest mountRequest() {
    List<String> words = new ArrayList<>();
    if (has(Feature.ALLOW_OTHER) || has(Feature.ALLOW_ROOT)) {
      words.add("allow_other");
    }
    if (has(Feature.DEFAULT_PERMISSIONS)) {
      words.add("default_permissions");
    }
    words.add("max_read=" + maxIoBytes);
    words.addAll(passedOn);
    return new MountRequest(source, subtype, mountFlags, words);
  }
}
