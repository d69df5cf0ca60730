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
import io.jfs.fuse.device.MountRequest;
import io.jfs.meta.MetaConfig;
import io.jfs.meta.model.Format;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.model.StorageTier;
import io.jfs.meta.ops.AtimeMode;
import io.jfs.vfs.CacheTimeouts;
import io.jfs.vfs.CallerRules;
import io.jfs.vfs.CallerRules.Identity;
import io.jfs.vfs.VfsConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the options of {@code jfs mount} mean for each part of a mount. What makes no sense is
 * refused here, never ignored.
 */
public final class MountPlan {
  private static final long BYTES_PER_MEGABIT = 125_000;
  private static final long LEAST_BUFFER_BYTES = 32L << 20;
  private static final Duration LEAST_HEARTBEAT = Duration.ofSeconds(1);
  private static final Duration MOST_HEARTBEAT = Duration.ofMinutes(10);
  private static final Duration SHORTEST_BACKUP_INTERVAL = Duration.ofMinutes(5);
  private static final int READAHEAD_BLOCKS = 8;

  private final Options options;
  private final Path mountPoint;
  private final MountOptions words;
  private final CallerRules rules;

  private MountPlan(Options options, Path mountPoint, MountOptions words, CallerRules rules) {
    this.rules = rules;
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
    Duration backups = options.get(MetaOptions.BACKUP_META);
    boolean isShort = !backups.isZero() && backups.compareTo(SHORTEST_BACKUP_INTERVAL) < 0;
    if (isShort && !"true".equals(System.getenv("SKIP_BACKUP_META_CHECK"))) {
      throw new UsageException("--backup-meta: 5m is the shortest interval");
    }
    try {
      MountOptions words = MountOptions.of("").parse(options.get(FuseOptions.MOUNT_OPTIONS));
      new StorageTier(0, "", options.get(StorageOptions.TAG)).requireValid();
      requireUploadHours(options);
      return new MountPlan(options, mountPoint, words, callerRules(options));
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

  private static CallerRules callerRules(Options options) throws UsageException {
    return new CallerRules(
        identity(options, FuseOptions.ROOT_SQUASH),
        identity(options, FuseOptions.ALL_SQUASH),
        umask(options.get(FuseOptions.UMASK)));
  }

  private static @Nullable Identity identity(Options options, Option<String> option)
      throws UsageException {
    try {
      return options.get(option).isEmpty() ? null : Identity.parse(options.get(option));
    } catch (IllegalArgumentException e) {
      throw new UsageException("--" + option.name() + ": " + e.getMessage());
    }
  }

  private static @Nullable Integer umask(String octal) throws UsageException {
    if (octal.isEmpty()) {
      return null;
    }
    if (!octal.matches("0*[0-7]{1,3}")) {
      throw new UsageException("--umask: \"" + octal + "\" is not an octal number up to 777");
    }
    return Integer.valueOf(octal, 8);
  }

  /** In whose name requests run. */
  CallerRules callerRules() {
    return rules;
  }

  /** Interfaces whose addresses the session shows; empty for all. */
  List<String> networkInterfaces() {
    return Arrays.stream(options.get(MetaOptions.NETWORK_INTERFACES).split(","))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .toList();
  }

  /** The kernel checks permissions of those who ask, not of those whom they are made. */
  private boolean checksPermissions() {
    return options.get(FuseOptions.NON_DEFAULT_PERMISSION) || rules.squash();
  }

  /** The options themselves. */
  Options options() {
    return options;
  }

  /** Where the volume is mounted. */
  public Path mountPoint() {
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
  public Format override(Format format) {
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
        .withCheckPermissions(checksPermissions())
        .withFastStatfs(options.get(MetaOptions.FAST_STATFS));
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
        checksPermissions() ? 0 : options.get(MetaOptions.OPEN_CACHE).toMillis(),
        options.get(MetaOptions.OPEN_CACHE_LIMIT),
        options.get(MetaOptions.READDIR_CACHE),
        options.get(MetaOptions.SORT_DIR)
            ? VfsConfig.ListingOrder.SORTED
            : VfsConfig.ListingOrder.STORED,
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
    boolean all = rules.all() != null;
    if (options.get(FuseOptions.NON_DEFAULT_PERMISSION) || all) {
      mount = mount.without(MountOptions.Feature.DEFAULT_PERMISSIONS);
    }
    // With POSIX_ACL the kernel checks by itself, and for the caller that we do not know.
    return format.aclEnabled() && !all ? mount.with(MountOptions.Feature.POSIX_ACL) : mount;
  }

  /**
   * What cannot be changed while a mount lives, because the kernel or open files rely on it, by the
   * words of a message.
   */
  public Map<String, String> fixed(Format format) {
    MountOptions mount = fuse(format);
    Set<MountOptions.Feature> agreed = EnumSet.copyOf(mount.features());
    agreed.removeAll(
        Set.of(
            MountOptions.Feature.DEBUG,
            MountOptions.Feature.NONEMPTY,
            MountOptions.Feature.RO,
            MountOptions.Feature.CLONE_FD));
    MountRequest request = mount.mountRequest();
    return Map.of(
        "volume",
        format.name() + " " + format.uuid(),
        "sub-directory",
        options.get(MetaOptions.SUBDIR),
        "read-only",
        Boolean.toString(readOnly()),
        "mount options",
        request.source() + " " + request.flags() + " " + String.join(",", request.options()),
        "kernel features",
        String.join(",", agreed.stream().map(Enum::name).sorted().toList()));
  }

  /** Whether the kernel is asked through jnr-fuse and libfuse 2. */
  public boolean throughLibfuse() {
    return options.get(ServiceOptions.FUSE).equals("jnr");
  }
}
