package io.jfs.cli;

import io.jfs.cache.block.BlockNaming;
import io.jfs.cache.block.CacheConfig;
import io.jfs.cache.block.ChecksumLevel;
import io.jfs.cache.block.Eviction;
import io.jfs.cache.page.PagePool;
import io.jfs.chunk.object.FileObjectStore.Durability;
import io.jfs.chunk.object.RateLimiter;
import io.jfs.chunk.slice.ChunkConfig;
import io.jfs.chunk.slice.ChunkConfig.FullBlocks;
import io.jfs.chunk.slice.UploadHours;
import io.jfs.chunk.slice.WritebackConfig;
import io.jfs.cli.option.CacheOptions;
import io.jfs.cli.option.FuseOptions;
import io.jfs.cli.option.MetaOptions;
import io.jfs.cli.option.Option;
import io.jfs.cli.option.Options;
import io.jfs.cli.option.ServiceOptions;
import io.jfs.cli.option.StorageOptions;
import io.jfs.cli.option.UsageException;
import io.jfs.fuse.MountOptions;
import io.jfs.meta.MetaConfig;
import io.jfs.meta.model.Format;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.model.StorageTier;
import io.jfs.meta.ops.AtimeMode;
import io.jfs.vfs.CacheTimeouts;
import io.jfs.vfs.VfsConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What the options of {@code jfs mount} mean for each part of a mount. Options that this version
 * does not have are refused here, never ignored.
 */
public final class MountPlan {
  private static final long BYTES_PER_MEGABIT = 125_000;
  private static final long LEAST_BUFFER_BYTES = 32L << 20;
  private static final Duration LEAST_HEARTBEAT = Duration.ofSeconds(1);
  private static final Duration MOST_HEARTBEAT = Duration.ofMinutes(10);
  private static final Duration SHORTEST_BACKUP_INTERVAL = Duration.ofMinutes(5);
  private static final int READAHEAD_BLOCKS = 8;

  /** Options of the reference that do nothing here yet; giving one is an error. */
  private static final List<Option<?>> ABSENT =
      List.of(
          FuseOptions.ROOT_SQUASH,
          FuseOptions.ALL_SQUASH,
          FuseOptions.UMASK,
          MetaOptions.SORT_DIR,
          MetaOptions.NETWORK_INTERFACES,
          io.jfs.cli.option.MetricsOptions.CONSUL);

  private final Options options;
  private final Path mountPoint;
  private final MountOptions words;

  private MountPlan(Options options, Path mountPoint, MountOptions words) {
    this.options = options;
    this.mountPoint = mountPoint;
    this.words = words;
  }

  /**
   * The plan of these options.
   *
   * @throws UsageException if one does not exist here, or they do not go together
   */
  public static MountPlan of(Options options, Path mountPoint) throws UsageException {
    for (Option<?> option : ABSENT) {
      if (options.has(option) && !isDefault(options, option)) {
        throw new UsageException("--" + option.name() + ": this version does not have it");
      }
    }
    Duration backups = options.get(MetaOptions.BACKUP_META);
    boolean isShort = !backups.isZero() && backups.compareTo(SHORTEST_BACKUP_INTERVAL) < 0;
    if (isShort && !"true".equals(System.getenv("SKIP_BACKUP_META_CHECK"))) {
      throw new UsageException("--backup-meta: 5m is the shortest interval");
    }
    try {
      MountOptions words = MountOptions.of("").parse(options.get(FuseOptions.MOUNT_OPTIONS));
      new StorageTier(0, "", options.get(StorageOptions.TAG)).requireValid();
      requireUploadHours(options);
      return new MountPlan(options, mountPoint, words);
    } catch (IllegalArgumentException e) {
      throw new UsageException("-o: " + e.getMessage());
    } catch (FormatException e) {
      throw new UsageException("--tag: " + e.getMessage());
    }
  }

  private static void requireUploadHours(Options options) throws UsageException {
    try {
      UploadHours ignored = UploadHours.parse(options.get(CacheOptions.UPLOAD_HOURS));
    } catch (IllegalArgumentException e) {
      throw new UsageException("--upload-hours: " + e.getMessage());
    }
  }

  private static boolean isDefault(Options options, Option<?> option) {
    Object value = options.get(option);
    return value.equals(false)
        || value.equals("")
        || value.equals(0L)
        || value.equals(Duration.ZERO);
  }

  /** The options themselves. */
  Options options() {
    return options;
  }

  /** Where the volume is mounted. */
  Path mountPoint() {
    return mountPoint;
  }

  boolean readOnly() {
    return options.get(MetaOptions.READ_ONLY) || words.has(MountOptions.Feature.RO);
  }

  StoreSettings store(PagePool pool, RateLimiter uploads, RateLimiter downloads) {
    return new StoreSettings(
        options.get(StorageOptions.DURABILITY).equals("disk")
            ? Durability.FSYNC
            : Durability.PAGE_CACHE,
        options.get(StorageOptions.GET_TIMEOUT),
        options.get(StorageOptions.PUT_TIMEOUT),
        uploads,
        downloads,
        pool);
  }

  /** Limit of uploads in Mbps, 0 for none. */
  long uploadMbps(Format format) {
    return mbps(StorageOptions.UPLOAD_LIMIT, format.number("UploadLimit"));
  }

  /** Limit of downloads in Mbps, 0 for none. */
  long downloadMbps(Format format) {
    return mbps(StorageOptions.DOWNLOAD_LIMIT, format.number("DownloadLimit"));
  }

  /** A limit of this client, or else the volume's. */
  private long mbps(Option<Long> option, long volumeMbps) {
    return options.has(option)
        ? (options.get(option) + BYTES_PER_MEGABIT - 1) / BYTES_PER_MEGABIT
        : volumeMbps;
  }

  /** The volume's settings with what this client does differently. */
  Format override(Format format) {
    Format own = format;
    if (options.has(StorageOptions.STORAGE)) {
      own = own.set("Storage", options.get(StorageOptions.STORAGE));
    }
    if (options.has(StorageOptions.BUCKET)) {
      own =
          own.set(
              "Bucket",
              DataStore.normalizedBucket(own.storage(), options.get(StorageOptions.BUCKET)));
    }
    return tier(StorageTier.ofNewFiles(own)).addTo(own);
  }

  /** Tier 0 as this client wants it. */
  private StorageTier tier(StorageTier volumes) {
    return new StorageTier(
        0,
        options.has(StorageOptions.STORAGE_CLASS)
            ? options.get(StorageOptions.STORAGE_CLASS)
            : volumes.storageClass(),
        options.has(StorageOptions.TAG) ? options.get(StorageOptions.TAG) : volumes.tag());
  }

  MetaConfig meta() {
    Duration heartbeat = options.get(MetaOptions.HEARTBEAT);
    Duration atLeast = heartbeat.compareTo(LEAST_HEARTBEAT) < 0 ? LEAST_HEARTBEAT : heartbeat;
    String subdir = options.get(MetaOptions.SUBDIR);
    return MetaConfig.DEFAULT
        .withReadOnly(readOnly())
        .withHeartbeat(atLeast.compareTo(MOST_HEARTBEAT) > 0 ? MOST_HEARTBEAT : atLeast)
        .withSkipDirMtimeMillis(options.get(MetaOptions.SKIP_DIR_MTIME).toMillis())
        .withAtimeMode(
            AtimeMode.valueOf(options.get(MetaOptions.ATIME_MODE).toUpperCase(Locale.ROOT)))
        .withBackgroundJobs(!options.get(MetaOptions.NO_BGJOB) && !readOnly())
        .withSubdir(subdir.isEmpty() ? "/" : subdir)
        .withMaxDeletes(Math.toIntExact(options.get(StorageOptions.MAX_DELETES)))
        .withCheckPermissions(!words.has(MountOptions.Feature.DEFAULT_PERMISSIONS));
  }

  long bufferBytes() {
    return Math.max(LEAST_BUFFER_BYTES, options.get(CacheOptions.BUFFER_SIZE));
  }

  /** Time between backups of the metadata by this client; zero for none. */
  Duration backupInterval() {
    boolean backsUp = !readOnly() && !options.get(MetaOptions.NO_BGJOB);
    return backsUp ? options.get(MetaOptions.BACKUP_META) : Duration.ZERO;
  }

  ChunkConfig chunk(Format format) {
    FullBlocks kept =
        options.get(CacheOptions.CACHE_PARTIAL_ONLY)
            ? FullBlocks.NEVER
            : options.get(CacheOptions.CACHE_LARGE_WRITE)
                ? FullBlocks.WHEN_READ_OR_WRITTEN
                : FullBlocks.WHEN_READ;
    boolean cached = options.get(CacheOptions.CACHE_SIZE) > 0;
    return new ChunkConfig(
        format.blockSizeBytes(),
        BlockNaming.of(format.hashPrefix()),
        format.compression(),
        Math.toIntExact(options.get(StorageOptions.MAX_UPLOADS)),
        Math.toIntExact(options.get(StorageOptions.MAX_DOWNLOADS)),
        Math.toIntExact(options.get(StorageOptions.IO_RETRIES)),
        cached ? Math.toIntExact(options.get(CacheOptions.PREFETCH)) : 0,
        kept,
        cached ? writeback() : WritebackConfig.OFF);
  }

  private WritebackConfig writeback() {
    if (!options.get(CacheOptions.WRITEBACK)) {
      return WritebackConfig.OFF;
    }
    long threshold = options.get(CacheOptions.WRITEBACK_THRESHOLD_SIZE);
    return new WritebackConfig(
        threshold <= 0 ? Integer.MAX_VALUE : (int) Math.min(threshold - 1, Integer.MAX_VALUE),
        options.get(CacheOptions.UPLOAD_DELAY),
        UploadHours.parse(options.get(CacheOptions.UPLOAD_HOURS)));
  }

  CacheConfig cache(Format format) {
    return new CacheConfig(
        CacheFolders.of(options.get(CacheOptions.CACHE_DIR), format.uuid()),
        BlockNaming.of(format.hashPrefix()),
        options.get(CacheOptions.CACHE_SIZE),
        options.get(CacheOptions.CACHE_ITEMS),
        options.get(CacheOptions.FREE_SPACE_RATIO),
        options.get(CacheOptions.CACHE_MODE),
        ChecksumLevel.parse(options.get(CacheOptions.VERIFY_CACHE_CHECKSUM)),
        Eviction.parse(options.get(CacheOptions.CACHE_EVICTION)),
        options.get(CacheOptions.CACHE_SCAN_INTERVAL),
        options.get(CacheOptions.CACHE_EXPIRE),
        Math.toIntExact(options.get(StorageOptions.MAX_STAGE_WRITE)));
  }

  VfsConfig vfs(Format format) {
    CacheTimeouts timeouts =
        new CacheTimeouts(
            options.get(MetaOptions.ATTR_CACHE).toMillis(),
            options.get(MetaOptions.ENTRY_CACHE).toMillis(),
            options.get(MetaOptions.DIR_ENTRY_CACHE).toMillis(),
            options.get(MetaOptions.NEGATIVE_ENTRY_CACHE).toMillis());
    long readAhead = options.get(CacheOptions.MAX_READAHEAD);
    return new VfsConfig(
        timeouts,
        options.get(MetaOptions.OPEN_CACHE).toMillis(),
        options.get(MetaOptions.READDIR_CACHE),
        format.blockSizeBytes(),
        Math.toIntExact(
            readAhead > 0 ? readAhead : (long) READAHEAD_BLOCKS * format.blockSizeBytes()),
        Math.toIntExact(options.get(StorageOptions.IO_RETRIES)),
        options.get(StorageOptions.PUT_TIMEOUT).toMillis(),
        options.get(FuseOptions.PREFIX_INTERNAL)
            ? VfsConfig.VirtualNames.PREFIXED
            : VfsConfig.VirtualNames.PLAIN,
        options.get(FuseOptions.HIDE_INTERNAL)
            ? VfsConfig.VirtualListing.HIDDEN
            : VfsConfig.VirtualListing.SHOWN,
        options.get(MetaOptions.SUBDIR).isEmpty()
            ? VfsConfig.View.WHOLE_VOLUME
            : VfsConfig.View.SUBDIRECTORY);
  }

  MountOptions fuse(Format format) {
    int maxIo =
        (int)
            Math.max(
                4096, Math.min(MountOptions.MAX_IO_BYTES, options.get(FuseOptions.MAX_FUSE_IO)));
    MountOptions mount =
        MountOptions.of(format.name())
            .withMaxIoBytes(maxIo)
            .parse(options.get(FuseOptions.MOUNT_OPTIONS));
    if (options.get(FuseOptions.NON_DEFAULT_PERMISSION)) {
      mount = mount.without(MountOptions.Feature.DEFAULT_PERMISSIONS);
    }
    return format.aclEnabled() ? mount.with(MountOptions.Feature.POSIX_ACL) : mount;
  }

  /** Whether the kernel is asked through jnr-fuse and libfuse 2. */
  boolean throughLibfuse() {
    return options.get(ServiceOptions.FUSE).equals("jnr");
  }
}
