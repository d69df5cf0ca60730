package io.jfs.cli.option;

import java.time.Duration;
import java.util.List;

/** How a client works with the object store. Command-line spec 3.6, data spec 3.1. */
public final class StorageOptions {
  /** Driver instead of the volume's. */
  public static final Option<String> STORAGE =
      Option.text("storage", "NAME", "", "object store of this client, instead of the volume's");

  /** Bucket instead of the volume's. */
  public static final Option<String> BUCKET =
      Option.text("bucket", "WHERE", "", "way to the same data, instead of the volume's");

  /** Storage class instead of the volume's. */
  public static final Option<String> STORAGE_CLASS =
      Option.text("storage-class", "CLASS", "", "storage class of new objects");

  /** Tag instead of the volume's. */
  public static final Option<String> TAG =
      Option.text("tag", "KEY=VALUE", "", "tag of new objects");

  /** Patience of a GET. */
  public static final Option<Duration> GET_TIMEOUT =
      Option.duration("get-timeout", "60s", "longest time of one download");

  /** Patience of a PUT. */
  public static final Option<Duration> PUT_TIMEOUT =
      Option.duration("put-timeout", "60s", "longest time of one upload");

  /** Retries. */
  public static final Option<Long> IO_RETRIES =
      Option.number("io-retries", "10", "tries of a request that fails");

  /** Uploads at once. */
  public static final Option<Long> MAX_UPLOADS =
      Option.number("max-uploads", "20", "uploads at once");

  /** Downloads at once. */
  public static final Option<Long> MAX_DOWNLOADS =
      Option.number("max-downloads", "200", "downloads at once");

  /** Staging writes at once. */
  public static final Option<Long> MAX_STAGE_WRITE =
      Option.number("max-stage-write", "1000", "staging writes at once, with --writeback");

  /** Deletions at once. */
  public static final Option<Long> MAX_DELETES =
      Option.number("max-deletes", "10", "deletions at once; 0: this client deletes no objects");

  /** Upload bandwidth. */
  public static final Option<Long> UPLOAD_LIMIT =
      Option.bandwidth("upload-limit", "0", "bandwidth for uploads in Mbps, 0 for no limit");

  /** Download bandwidth. */
  public static final Option<Long> DOWNLOAD_LIMIT =
      Option.bandwidth("download-limit", "0", "bandwidth for downloads in Mbps, 0 for no limit");

  /** Test the store first. */
  public static final Option<Boolean> CHECK_STORAGE =
      Option.flag("check-storage", "test the object store before mounting");

  /** What survives a power cut. */
  public static final Option<String> DURABILITY =
      Option.choice(
          "durability",
          List.of("disk", "kernel"),
          "disk",
          "what has the data of a file store when close returns: the disk, or the kernel only");

  /** All of them. */
  public static final OptionGroup GROUP =
      OptionGroup.of(
          "STORAGE",
          STORAGE,
          BUCKET,
          STORAGE_CLASS,
          TAG,
          GET_TIMEOUT,
          PUT_TIMEOUT,
          IO_RETRIES,
          MAX_UPLOADS,
          MAX_DOWNLOADS,
          MAX_STAGE_WRITE,
          MAX_DELETES,
          UPLOAD_LIMIT,
          DOWNLOAD_LIMIT,
          CHECK_STORAGE,
          DURABILITY);

  private StorageOptions() {}
}
