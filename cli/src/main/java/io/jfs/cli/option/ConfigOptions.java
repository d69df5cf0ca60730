package io.jfs.cli.option;

import java.time.Duration;
import java.util.List;

/** What {@code jfs config} changes in a volume's settings. Command-line spec 4.1. */
public final class ConfigOptions {
  /** No questions. */
  public static final Option<Boolean> YES =
      Option.flag("yes y", "answer yes to every question; for scripts");

  /** No checks. */
  public static final Option<Boolean> FORCE =
      Option.flag("force", "skip the checks and the questions");

  /** Upload bandwidth of each client. */
  public static final Option<Long> UPLOAD_LIMIT =
      Option.bandwidth(
          "upload-limit", "0", "bandwidth of each client for uploads in Mbps, 0 for no limit");

  /** Download bandwidth of each client. */
  public static final Option<Long> DOWNLOAD_LIMIT =
      Option.bandwidth(
          "download-limit", "0", "bandwidth of each client for downloads in Mbps, 0 for no limit");

  /** Seal secrets. */
  public static final Option<Boolean> ENCRYPT_SECRET =
      Option.flag("encrypt-secret", "encrypt secrets that an older client stored in clear");

  /** Oldest client. */
  public static final Option<String> MIN_CLIENT_VERSION =
      Option.text(
          "min-client-version", "VERSION", "", "oldest client that may connect; only upwards");

  /** Newest client. */
  public static final Option<String> MAX_CLIENT_VERSION =
      Option.text(
          "max-client-version", "VERSION", "", "newest client that may connect, \"\" for any");

  /** Usage per directory. */
  public static final Option<Boolean> DIR_STATS =
      Option.flag("dir-stats", "keep usage per directory, for quotas and fast summaries");

  /** Usage per owner. */
  public static final Option<Boolean> USER_GROUP_QUOTA =
      Option.flag("user-group-quota", "keep usage per user and group; counts the volume first");

  /** Which tier the storage class and tag are of. */
  public static final Option<Long> TIER =
      Option.number("tier", "0", "tier 0 to 3 whose --storage-class and --tag are changed");

  /** A line for every change. */
  public static final Option<Boolean> CHANGELOG =
      Option.flag("changelog", "keep a log of changes in the metadata (Redis only)");

  /** How long lines are kept. */
  public static final Option<Duration> CHANGELOG_MAX_AGE =
      Option.duration("changelog-max-age", "2h", "how long lines are kept, 0 for ever");

  /** How many lines are kept. */
  public static final Option<Long> CHANGELOG_MAX_LINES =
      Option.number("changelog-max-lines", "0", "how many lines are kept, 0 for any number");

  /** All of them, as the help text groups them. */
  public static final List<OptionGroup> GROUPS =
      List.of(
          OptionGroup.of("CONFIG", YES, FORCE),
          OptionGroup.of(
              "DATA STORAGE",
              FormatOptions.STORAGE,
              FormatOptions.BUCKET,
              FormatOptions.ACCESS_KEY,
              FormatOptions.SECRET_KEY,
              FormatOptions.SESSION_TOKEN,
              FormatOptions.STORAGE_CLASS,
              FormatOptions.TAG,
              TIER,
              UPLOAD_LIMIT,
              DOWNLOAD_LIMIT),
          OptionGroup.of(
              "MANAGEMENT",
              FormatOptions.CAPACITY,
              FormatOptions.INODES,
              FormatOptions.TRASH_DAYS,
              FormatOptions.ENABLE_ACL,
              FormatOptions.RANGER_REST_URL,
              FormatOptions.RANGER_SERVICE,
              FormatOptions.KERBEROS_CONFIG_FILE,
              ENCRYPT_SECRET,
              MIN_CLIENT_VERSION,
              MAX_CLIENT_VERSION,
              DIR_STATS,
              USER_GROUP_QUOTA,
              CHANGELOG,
              CHANGELOG_MAX_AGE,
              CHANGELOG_MAX_LINES));

  private ConfigOptions() {}
}
