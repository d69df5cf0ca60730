package io.jfs.cli.option;

/** What the kernel is told about a mount, and what it may do. Command-line spec 4.2. */
public final class FuseOptions {
  /** {@code -o} words. */
  public static final Option<String> MOUNT_OPTIONS =
      Option.text("o", "WORDS", "", "comma separated mount options: allow_other, ro, ...");

  /** Accepted: extended attributes always work. */
  public static final Option<Boolean> ENABLE_XATTR =
      Option.flagOnByDefault("enable-xattr", "extended attributes");

  /** security.capability. */
  public static final Option<Boolean> ENABLE_CAP =
      Option.flagOnByDefault("enable-cap", "the xattr security.capability");

  /** security.selinux. */
  public static final Option<Boolean> ENABLE_SELINUX =
      Option.flag("enable-selinux", "the xattr security.selinux");

  /** Inode flags. */
  public static final Option<Boolean> ENABLE_IOCTL =
      Option.flagOnByDefault("enable-ioctl", "inode flags as of chattr(1): append only, immutable");

  /** Identity of root. */
  public static final Option<String> ROOT_SQUASH =
      Option.text("root-squash", "UID:GID", "", "treat root as this user");

  /** Identity of all. */
  public static final Option<String> ALL_SQUASH =
      Option.text("all-squash", "UID:GID", "", "treat everybody as this user");

  /** Largest request in bytes. */
  public static final Option<Long> MAX_FUSE_IO =
      Option.size("max-fuse-io", 'B', "1M", "largest read or write request");

  /** Umask instead of the caller's. */
  public static final Option<String> UMASK =
      Option.text("umask", "MODE", "", "octal umask instead of the caller's");

  /** Hide virtual files. */
  public static final Option<Boolean> HIDE_INTERNAL =
      Option.flag("hide-internal", "hide .accesslog, .stats and the like");

  /** Prefix virtual files. */
  public static final Option<Boolean> PREFIX_INTERNAL =
      Option.flag("prefix-internal", "name them .jfs.accesslog, .jfs.stats and the like");

  /** Let jfs check permissions. */
  public static final Option<Boolean> NON_DEFAULT_PERMISSION =
      Option.flag("non-default-permission", "check permissions here, not in the kernel").hidden();

  /** All of them. */
  public static final OptionGroup GROUP =
      OptionGroup.of(
          "FUSE",
          MOUNT_OPTIONS,
          ENABLE_XATTR,
          ENABLE_CAP,
          ENABLE_SELINUX,
          ENABLE_IOCTL,
          ROOT_SQUASH,
          ALL_SQUASH,
          MAX_FUSE_IO,
          UMASK,
          HIDE_INTERNAL,
          PREFIX_INTERNAL,
          NON_DEFAULT_PERMISSION);

  private FuseOptions() {}
}
