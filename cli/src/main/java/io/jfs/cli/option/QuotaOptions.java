package io.jfs.cli.option;

/** What {@code jfs quota} is about and what it sets. Command-line spec 4.1. */
public final class QuotaOptions {
  /** A directory. */
  public static final Option<String> PATH =
      Option.text("path", "DIR", "", "directory, by its absolute path within the volume");

  /** A user. */
  public static final Option<Long> UID = Option.number("uid", "0", "user, by number; not 0");

  /** A group. */
  public static final Option<Long> GID = Option.number("gid", "0", "group, by number; not 0");

  /** Make the directory. */
  public static final Option<Boolean> CREATE =
      Option.flag("create", "set: make the directory if it is missing");

  /** Limit of space. */
  public static final Option<Long> CAPACITY =
      Option.size("capacity", 'G', "0", "set: limit of space; 0 for none, unchanged if not given");

  /** Limit of inodes. */
  public static final Option<Long> INODES =
      Option.number("inodes", "0", "set: limit of inodes; 0 for none, unchanged if not given");

  /** Store what is counted. */
  public static final Option<Boolean> REPAIR =
      Option.flag("repair", "check: store what was counted where it differs");

  /** Count everything. */
  public static final Option<Boolean> STRICT =
      Option.flag("strict", "check: count every inode, do not believe directories' statistics");

  /** All of them. */
  public static final OptionGroup GROUP =
      OptionGroup.of("QUOTA", PATH, UID, GID, CREATE, CAPACITY, INODES, REPAIR, STRICT);

  private QuotaOptions() {}
}
