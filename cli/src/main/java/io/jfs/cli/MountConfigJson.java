package io.jfs.cli;

import io.jfs.cli.option.CacheOptions;
import io.jfs.cli.option.FuseOptions;
import io.jfs.cli.option.MetaOptions;
import io.jfs.cli.option.Option;
import io.jfs.cli.option.Options;
import io.jfs.cli.option.StorageOptions;
import io.jfs.fuse.MountOptions;
import io.jfs.fuse.MountOptions.Feature;
import io.jfs.fuse.proto.Init;
import io.jfs.meta.model.Format;
import io.jfs.meta.model.FormatSecrets;
import io.jfs.meta.model.JsonText;
import io.jfs.vfs.CallerRules.Identity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The content of {@code .config}: what this mount is, with the members that the reference has.
 * Vfs-cli spec 1.4. Durations are nanoseconds. Secrets are removed.
 */
final class MountConfigJson {
  private static final long BYTES_PER_MEGABIT = 125_000;
  private static final int NO_UMASK = 65535;
  private static final long STATS_PERIOD_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long READ_AHEAD_BYTES = 1 << 20;

  private final Supplier<Format> format;
  private final MountPlan plan;
  private final LongSupplier sessionId;
  private final Supplier<String> metricsAddress;
  private final String statePath;

  /**
   * The content.
   *
   * @param metricsAddress where Prometheus is answered; empty if it is not
   * @param statePath where the supervisor keeps its files; empty if there is none
   */
  MountConfigJson(
      Supplier<Format> format,
      MountPlan plan,
      LongSupplier sessionId,
      Supplier<String> metricsAddress,
      String statePath) {
    this.statePath = statePath;
    this.format = format;
    this.plan = plan;
    this.sessionId = sessionId;
    this.metricsAddress = metricsAddress;
  }

  String text() {
    Format current = format.get();
    Options options = plan.options();
    Map<String, @Nullable Object> config = new LinkedHashMap<>();
    config.put("Meta", meta(options));
    config.put("Format", FormatSecrets.masked(current).members());
    config.put("Chunk", chunk(options, current));
    config.put("Security", security(options));
    String metrics = metricsAddress.get();
    config.put("Port", metrics.isEmpty() ? Map.of() : Map.of("PrometheusAgent", metrics));
    config.put("Version", Version.current());
    config.put("AttrTimeout", nanos(options, MetaOptions.ATTR_CACHE));
    config.put("DirEntryTimeout", nanos(options, MetaOptions.DIR_ENTRY_CACHE));
    config.put("NegEntryTimeout", nanos(options, MetaOptions.NEGATIVE_ENTRY_CACHE));
    config.put("EntryTimeout", nanos(options, MetaOptions.ENTRY_CACHE));
    config.put("ReaddirCache", options.get(MetaOptions.READDIR_CACHE));
    config.put("BackupMeta", nanos(options, MetaOptions.BACKUP_META));
    config.put("BackupSkipTrash", options.get(MetaOptions.BACKUP_SKIP_TRASH));
    String subdir = options.get(MetaOptions.SUBDIR);
    if (!subdir.isEmpty()) {
      config.put("Subdir", subdir);
    }
    config.put("PrefixInternal", options.get(FuseOptions.PREFIX_INTERNAL));
    config.put("HideInternal", options.get(FuseOptions.HIDE_INTERNAL));
    putIdentity(config, "RootSquash", plan.callerRules().root());
    putIdentity(config, "AllSquash", plan.callerRules().all());
    if (options.get(FuseOptions.NON_DEFAULT_PERMISSION)) {
      config.put("NonDefaultPermission", true);
    }
    Integer umask = plan.callerRules().umask();
    config.put("UMask", umask == null ? NO_UMASK : umask);
    ProcessHandle process = ProcessHandle.current();
    config.put("Pid", process.pid());
    config.put("PPid", process.parent().map(ProcessHandle::pid).orElse(0L));
    if (!statePath.isEmpty()) {
      config.put("StatePath", statePath);
    }
    config.put("FuseOpts", fuse(plan.fuse(current)));
    config.put("Mountpoint", plan.mountPoint().toString());
    return JsonText.of(config, " ");
  }

  private static void putIdentity(
      Map<String, @Nullable Object> config, String member, @Nullable Identity identity) {
    if (identity != null) {
      Map<String, @Nullable Object> ids = new LinkedHashMap<>();
      ids.put("Uid", Integer.toUnsignedLong(identity.uid()));
      ids.put("Gid", Integer.toUnsignedLong(identity.gid()));
      config.put(member, ids);
    }
  }

  private static Map<String, @Nullable Object> security(Options options) {
    Map<String, @Nullable Object> security = new LinkedHashMap<>();
    security.put("EnableCap", options.get(FuseOptions.ENABLE_CAP));
    security.put("EnableSELinux", options.get(FuseOptions.ENABLE_SELINUX));
    return security;
  }

  private Map<String, @Nullable Object> meta(Options options) {
    Map<String, @Nullable Object> meta = new LinkedHashMap<>();
    meta.put("Retries", options.get(StorageOptions.IO_RETRIES));
    meta.put("MaxDeletes", options.get(StorageOptions.MAX_DELETES));
    meta.put("SkipDirNlink", options.get(MetaOptions.SKIP_DIR_NLINK));
    meta.put("CaseInsensi", false);
    meta.put("ReadOnly", plan.readOnly());
    meta.put("NoBGJob", options.get(MetaOptions.NO_BGJOB));
    meta.put("OpenCache", nanos(options, MetaOptions.OPEN_CACHE));
    meta.put("OpenCacheLimit", options.get(MetaOptions.OPEN_CACHE_LIMIT));
    meta.put("Heartbeat", nanos(options, MetaOptions.HEARTBEAT));
    meta.put("MountPoint", plan.mountPoint().toString());
    meta.put("Subdir", options.get(MetaOptions.SUBDIR));
    meta.put("AtimeMode", options.get(MetaOptions.ATIME_MODE));
    meta.put("DirStatFlushPeriod", STATS_PERIOD_NANOS);
    meta.put("SkipDirMtime", nanos(options, MetaOptions.SKIP_DIR_MTIME));
    meta.put("Sid", sessionId.getAsLong());
    meta.put("SortDir", options.get(MetaOptions.SORT_DIR));
    meta.put("FastStatfs", options.get(MetaOptions.FAST_STATFS));
    List<String> interfaces = plan.networkInterfaces();
    meta.put("NetworkInterfaces", interfaces.isEmpty() ? null : interfaces);
    return meta;
  }

  private Map<String, @Nullable Object> chunk(Options options, Format current) {
    Map<String, @Nullable Object> chunk = new LinkedHashMap<>();
    List<Path> folders = plan.cache(current).folders();
    chunk.put("CacheDir", String.join(":", folders.stream().map(Path::toString).toList()));
    chunk.put("CacheMode", options.get(CacheOptions.CACHE_MODE));
    chunk.put("CacheSize", options.get(CacheOptions.CACHE_SIZE));
    chunk.put("CacheItems", options.get(CacheOptions.CACHE_ITEMS));
    chunk.put("CacheChecksum", options.get(CacheOptions.VERIFY_CACHE_CHECKSUM));
    chunk.put("CacheEviction", options.get(CacheOptions.CACHE_EVICTION));
    chunk.put("CacheScanInterval", nanos(options, CacheOptions.CACHE_SCAN_INTERVAL));
    chunk.put("CacheExpire", nanos(options, CacheOptions.CACHE_EXPIRE));
    chunk.put("OSCache", true);
    chunk.put("FreeSpace", options.get(CacheOptions.FREE_SPACE_RATIO));
    chunk.put("AutoCreate", true);
    chunk.put("Compress", current.compression());
    chunk.put("MaxUpload", options.get(StorageOptions.MAX_UPLOADS));
    chunk.put("MaxDownload", options.get(StorageOptions.MAX_DOWNLOADS));
    chunk.put("MaxStageWrite", options.get(StorageOptions.MAX_STAGE_WRITE));
    chunk.put("MaxRetries", options.get(StorageOptions.IO_RETRIES));
    chunk.put("UploadLimit", limit(options, StorageOptions.UPLOAD_LIMIT, current, "UploadLimit"));
    chunk.put(
        "DownloadLimit", limit(options, StorageOptions.DOWNLOAD_LIMIT, current, "DownloadLimit"));
    chunk.put("Writeback", options.get(CacheOptions.WRITEBACK));
    chunk.put("WritebackThresholdSize", options.get(CacheOptions.WRITEBACK_THRESHOLD_SIZE));
    chunk.put("UploadDelay", nanos(options, CacheOptions.UPLOAD_DELAY));
    chunk.put("UploadHours", options.get(CacheOptions.UPLOAD_HOURS));
    chunk.put("HashPrefix", current.hashPrefix());
    chunk.put("BlockSize", current.blockSizeBytes());
    chunk.put("GetTimeout", nanos(options, StorageOptions.GET_TIMEOUT));
    chunk.put("PutTimeout", nanos(options, StorageOptions.PUT_TIMEOUT));
    chunk.put("CacheFullBlock", !options.get(CacheOptions.CACHE_PARTIAL_ONLY));
    chunk.put("CacheLargeWrite", options.get(CacheOptions.CACHE_LARGE_WRITE));
    chunk.put("BufferSize", plan.bufferBytes());
    chunk.put("Readahead", plan.vfs(current).maxReadAheadBytes());
    chunk.put("Prefetch", options.get(CacheOptions.PREFETCH));
    return chunk;
  }

  /** In bytes per second: this client's own, or else the volume's. */
  private static long limit(Options options, Option<Long> own, Format format, String member) {
    return options.has(own) ? options.get(own) : format.number(member) * BYTES_PER_MEGABIT;
  }

  private static Map<String, @Nullable Object> fuse(MountOptions mount) {
    Map<String, @Nullable Object> fuse = new LinkedHashMap<>();
    fuse.put("AllowOther", mount.has(Feature.ALLOW_OTHER));
    fuse.put(
        "Options",
        mount.has(Feature.DEFAULT_PERMISSIONS) ? List.of("default_permissions") : List.of());
    fuse.put("MaxBackground", Init.MAX_BACKGROUND);
    fuse.put("MaxWrite", mount.maxIoBytes());
    fuse.put("MaxReadAhead", READ_AHEAD_BYTES);
    fuse.put("IgnoreSecurityLabels", false);
    fuse.put("RememberInodes", false);
    fuse.put("FsName", mount.source());
    fuse.put("Name", mount.subtype());
    fuse.put("SingleThreaded", false);
    fuse.put("DisableXAttrs", false);
    fuse.put("Debug", mount.has(Feature.DEBUG));
    fuse.put("EnableLocks", true);
    fuse.put("EnableSymlinkCaching", true);
    fuse.put("ExplicitDataCacheControl", false);
    fuse.put("DirectMount", true);
    fuse.put("DirectMountFlags", 0);
    fuse.put("EnableAcl", mount.has(Feature.POSIX_ACL));
    fuse.put("EnableReadDirPlusAuto", true);
    fuse.put("EnableWriteback", mount.has(Feature.WRITEBACK_CACHE));
    fuse.put("DontUmask", true);
    fuse.put("OtherCaps", 0);
    fuse.put("NoAllocForRead", false);
    fuse.put("Timeout", 0);
    return fuse;
  }

  private static long nanos(Options options, Option<Duration> option) {
    return options.get(option).toNanos();
  }
}
