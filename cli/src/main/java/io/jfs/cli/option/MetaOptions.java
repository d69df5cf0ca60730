package io.jfs.cli.option;

import java.time.Duration;
import java.util.List;

/** How a client works with the metadata engine, and what it caches of it. Command-line spec 4.2. */
public final class MetaOptions {
  /** Sub-directory as root. */
  public static final Option<String> SUBDIR =
      Option.text("subdir", "PATH", "", "mount this directory of the volume as the root");

  /** Metadata backup interval. */
  public static final Option<Duration> BACKUP_META =
      Option.duration(
          "backup-meta",
          "1h",
          "time between backups of the metadata beside the data; 0 for none, else 5m or more");

  /** Backup without the trash. */
  public static final Option<Boolean> BACKUP_SKIP_TRASH =
      Option.flag("backup-skip-trash", "leave the trash out of backups");

  /** Session heartbeat. */
  public static final Option<Duration> HEARTBEAT =
      Option.duration("heartbeat", "12s", "time between signs of life of this client, 1s to 10m");

  /** Read only. */
  public static final Option<Boolean> READ_ONLY =
      Option.flag("read-only", "refuse every change; leave no session");

  /** No background jobs. */
  public static final Option<Boolean> NO_BGJOB =
      Option.flag("no-bgjob", "no cleaning and no backups by this client");

  /** Access times. */
  public static final Option<String> ATIME_MODE =
      Option.choice(
          "atime-mode",
          List.of("noatime", "relatime", "strictatime"),
          "noatime",
          "when access times move");

  /** Retries after which the parent's link count is skipped. */
  public static final Option<Long> SKIP_DIR_NLINK =
      Option.number("skip-dir-nlink", "20", "accepted; link counts of directories are always kept");

  /** Parent time updates closer than this are skipped. */
  public static final Option<Duration> SKIP_DIR_MTIME =
      Option.duration(
          "skip-dir-mtime", "100ms", "leave a directory's times if they moved less than this ago");

  /** Sorted directories. */
  public static final Option<Boolean> SORT_DIR =
      Option.flag("sort-dir", "list directories sorted by name");

  /** Local counters for statfs. */
  public static final Option<Boolean> FAST_STATFS =
      Option.flag("fast-statfs", "answer df from local counters");

  /** Addresses for the session record. */
  public static final Option<String> NETWORK_INTERFACES =
      Option.text(
          "network-interfaces", "NAMES", "", "interfaces whose addresses the session shows (all)");

  /** Attribute timeout. */
  public static final Option<Duration> ATTR_CACHE =
      Option.duration("attr-cache", "1.0s", "how long the kernel may keep attributes");

  /** File entry timeout. */
  public static final Option<Duration> ENTRY_CACHE =
      Option.duration("entry-cache", "1.0s", "how long the kernel may keep names of files");

  /** Directory entry timeout. */
  public static final Option<Duration> DIR_ENTRY_CACHE =
      Option.duration(
          "dir-entry-cache", "1.0s", "how long the kernel may keep names of directories");

  /** Negative entry timeout. */
  public static final Option<Duration> NEGATIVE_ENTRY_CACHE =
      Option.duration(
          "negative-entry-cache", "0s", "how long the kernel may keep that a name is not there");

  /** Kernel directory cache. */
  public static final Option<Boolean> READDIR_CACHE =
      Option.flag("readdir-cache", "let the kernel keep directory listings");

  /** Attribute cache of open files. */
  public static final Option<Duration> OPEN_CACHE =
      Option.duration("open-cache", "0s", "trust what is known about a file for this long at open");

  /** Its size. */
  public static final Option<Long> OPEN_CACHE_LIMIT =
      Option.number("open-cache-limit", "10000", "number of files that are remembered");

  /** Engine side. */
  public static final OptionGroup GROUP =
      OptionGroup.of(
          "META",
          SUBDIR,
          BACKUP_META,
          BACKUP_SKIP_TRASH,
          HEARTBEAT,
          READ_ONLY,
          NO_BGJOB,
          ATIME_MODE,
          SKIP_DIR_NLINK,
          SKIP_DIR_MTIME,
          SORT_DIR,
          FAST_STATFS,
          NETWORK_INTERFACES);

  /** Cache side. */
  public static final OptionGroup CACHE_GROUP =
      OptionGroup.of(
          "META CACHE",
          ATTR_CACHE,
          ENTRY_CACHE,
          DIR_ENTRY_CACHE,
          NEGATIVE_ENTRY_CACHE,
          READDIR_CACHE,
          OPEN_CACHE,
          OPEN_CACHE_LIMIT);

  private MetaOptions() {}
}
