package io.jfs.cli.option;

import java.time.Duration;
import java.util.List;

/** Memory and disk that a client uses for data. Data spec 3.1. */
public final class CacheOptions {
  /** Read and write buffers. */
  public static final Option<Long> BUFFER_SIZE =
      Option.size("buffer-size", 'M', "300M", "memory for reading and writing, at least 32M");

  /** Read-ahead window. */
  public static final Option<Long> MAX_READAHEAD =
      Option.size("max-readahead", 'M', "0", "how far to read ahead of a reader, 0 for 8 blocks");

  /** Prefetch workers. */
  public static final Option<Long> PREFETCH =
      Option.number(
          "prefetch",
          "1",
          "rests of partly read blocks fetched into the cache at once, 0 for none");

  /** Stage, then upload. */
  public static final Option<Boolean> WRITEBACK =
      Option.flag("writeback", "answer writes when they are in the cache directory");

  /** Blocks below this are staged. */
  public static final Option<Long> WRITEBACK_THRESHOLD_SIZE =
      Option.size(
          "writeback-threshold-size", 'B', "0", "blocks below this are staged, 0 for all blocks");

  /** Delay before upload. */
  public static final Option<Duration> UPLOAD_DELAY =
      Option.duration("upload-delay", "0s", "time before a staged block is uploaded");

  /** Hours of upload. */
  public static final Option<String> UPLOAD_HOURS =
      Option.text("upload-hours", "FROM,TO", "", "hours of the day in which to upload");

  /** Cache directories. */
  public static final Option<String> CACHE_DIR =
      Option.text(
          "cache-dir",
          "DIRS",
          "",
          "cache directories, separated by ':'; \"memory\" for none"
              + " (/var/jfsCache; ~/.juicefs/cache for users)");

  /** Mode of cache files. */
  public static final Option<Integer> CACHE_MODE =
      Option.octal("cache-mode", "0600", "mode of cached files");

  /** Cache size. */
  public static final Option<Long> CACHE_SIZE =
      Option.size("cache-size", 'M', "100G", "size of all cache directories, 0 for no cache");

  /** Cached blocks. */
  public static final Option<Long> CACHE_ITEMS =
      Option.number("cache-items", "0", "number of cached blocks, 0 for as many as fit");

  /** Space left on the disk. */
  public static final Option<Double> FREE_SPACE_RATIO =
      Option.ratio("free-space-ratio", "0.1", "part of the disk that stays free");

  /** Small reads only. */
  public static final Option<Boolean> CACHE_PARTIAL_ONLY =
      Option.flag("cache-partial-only", "do not cache whole blocks that are read");

  /** Cache what is written. */
  public static final Option<Boolean> CACHE_LARGE_WRITE =
      Option.flag("cache-large-write", "cache whole blocks that are written");

  /** Checksums of cached blocks. */
  public static final Option<String> VERIFY_CACHE_CHECKSUM =
      Option.choice(
          "verify-cache-checksum",
          List.of("none", "full", "shrink", "extend"),
          "extend",
          "when checksums of cached blocks are verified");

  /** Eviction. */
  public static final Option<String> CACHE_EVICTION =
      Option.choice(
          "cache-eviction",
          List.of("none", "2-random", "lru"),
          "2-random",
          "what is dropped first");

  /** Rebuild of the index. */
  public static final Option<Duration> CACHE_SCAN_INTERVAL =
      Option.duration("cache-scan-interval", "1h", "time between scans of the cache directories");

  /** Age limit. */
  public static final Option<Duration> CACHE_EXPIRE =
      Option.duration("cache-expire", "0s", "drop what was not used for this long, 0 for never");

  /** All of them. */
  public static final OptionGroup GROUP =
      OptionGroup.of(
          "CACHE",
          BUFFER_SIZE,
          MAX_READAHEAD,
          PREFETCH,
          WRITEBACK,
          WRITEBACK_THRESHOLD_SIZE,
          UPLOAD_DELAY,
          UPLOAD_HOURS,
          CACHE_DIR,
          CACHE_MODE,
          CACHE_SIZE,
          CACHE_ITEMS,
          FREE_SPACE_RATIO,
          CACHE_PARTIAL_ONLY,
          CACHE_LARGE_WRITE,
          VERIFY_CACHE_CHECKSUM,
          CACHE_EVICTION,
          CACHE_SCAN_INTERVAL,
          CACHE_EXPIRE);

  private CacheOptions() {}
}
