package io.jfs.cache.block;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one cache folder within its limits: reads what is there, evicts, expires, watches the disk.
 * Its {@link #tick} is called every second by one thread.
 */
final class DiskKeeper {
  private static final Logger log = LoggerFactory.getLogger(DiskKeeper.class);
  private static final Duration ID_CHECK = Duration.ofSeconds(10);
  private static final Duration EXPIRY_CHECK = Duration.ofMinutes(1);
  private static final double SAFE_RATIO = 0.2;

  private final CacheFolder folder;
  private final DiskLimits limits;
  private final CacheIndex index;
  private final DiskHealth health;
  private final InstantSource clock;
  private final CacheMetrics metrics;
  private final Consumer<BlockKey> remover;

  private volatile boolean scanned;
  private volatile boolean spaceShort;
  private volatile double freeRatio = 1;
  private volatile boolean stopped;
  private volatile @Nullable FolderScan scan;
  private volatile double freeSpaceRatio;
  private volatile long capacityBytes;
  private volatile long maxBlocks;
  private @Nullable String folderId;
  private Instant nextIdCheck;
  private Instant nextExpiry;
  private Instant nextScan;

  DiskKeeper(
      CacheFolder folder,
      DiskLimits limits,
      CacheIndex index,
      DiskHealth health,
      InstantSource clock,
      CacheMetrics metrics,
      Consumer<BlockKey> remover) {
    this.folder = folder;
    this.limits = limits;
    this.index = index;
    this.health = health;
    this.clock = clock;
    this.metrics = metrics;
    this.remover = remover;
    this.freeSpaceRatio = limits.freeSpaceRatio();
    this.capacityBytes = limits.capacityBytes();
    this.maxBlocks = limits.maxBlocks();
    this.scanned = limits.scanInterval().isNegative();
    Instant now = clock.instant();
    this.nextIdCheck = now.plus(ID_CHECK);
    this.nextExpiry = now.plus(EXPIRY_CHECK);
    this.nextScan = scanned ? Instant.MAX : now;
  }

  /** Opens the folder and fits the limits to its disk. */
  String start() throws IOException {
    String id = folder.openId();
    folderId = id;
    DiskSpace.Fill fill = limits.space().measure(folder.root());
    freeRatio = fill.freeRatio();
    capacityBytes = Math.min(capacityBytes, (long) ((1 - freeSpaceRatio) * fill.totalBytes()));
    if (fill.totalInodes() > 0) {
      long most = (long) ((1 - freeSpaceRatio) * fill.totalInodes());
      maxBlocks = maxBlocks == 0 ? most : Math.min(maxBlocks, most);
    }
    return id;
  }

  /** Whether the index knows everything that the folder holds. */
  boolean isScanned() {
    return scanned;
  }

  /** Whether a further block may be written. */
  boolean hasRoom() {
    return limits.eviction() != Eviction.NONE
        || !(spaceShort || excessBytes(1) > 0 || excess(1) > 0);
  }

  /** Whether a block that nobody else has may be written. */
  boolean hasStagingRoom() {
    return freeRatio >= freeSpaceRatio / 2;
  }

  boolean isSpaceShort() {
    return spaceShort;
  }

  /** A write met a full disk. */
  void foundFull() {
    spaceShort = true;
  }

  /** A block was added: makes room if need be. */
  void grown() {
    if (excessBytes(1) > 0 || excess(1) > 0) {
      evict((long) Math.ceil(excessBytes(0.95)), (long) Math.ceil(excess(0.99)));
    }
  }

  private double excessBytes(double share) {
    return index.usedBytes() - share * capacityBytes;
  }

  private double excess(double share) {
    return maxBlocks == 0 ? 0 : index.blockCount() - share * maxBlocks;
  }

  /** Does what is due. */
  void tick() {
    Instant now = clock.instant();
    if (health.isProbeDue()) {
      probe();
    }
    if (!health.isUsable()) {
      return;
    }
    watchSpace();
    if (!now.isBefore(nextIdCheck)) {
      nextIdCheck = now.plus(ID_CHECK);
      checkId(now);
    }
    if (!now.isBefore(nextScan)) {
      nextScan = limits.scanInterval().isZero() ? Instant.MAX : now.plus(limits.scanInterval());
      rescan(now);
    }
    if (!limits.expireAfter().isZero() && !now.isBefore(nextExpiry)) {
      nextExpiry = now.plus(min(EXPIRY_CHECK, limits.expireAfter()));
      expire(now);
    }
  }

  /** Ends a running scan. */
  void stop() {
    stopped = true;
    FolderScan running = scan;
    if (running != null) {
      running.stop();
    }
  }

  private void probe() {
    try {
      folder.probe();
      health.recovered();
    } catch (IOException e) {
      health.stillFailing();
    }
  }

  private void watchSpace() {
    try {
      DiskSpace.Fill fill = limits.space().measure(folder.root());
      freeRatio = fill.freeRatio();
      boolean low = freeRatio < freeSpaceRatio;
      spaceShort = low;
      if (low) {
        long bytes = (long) (freeSpaceRatio * fill.totalBytes()) - fill.freeBytes();
        long blocks = (long) (freeSpaceRatio * fill.totalInodes()) - fill.freeInodes();
        evict(Math.max(bytes, 0), Math.max(blocks, 0));
      }
    } catch (IOException e) {
      log.debug("cannot measure the disk of {}", folder.root(), e);
    }
  }

  private synchronized void evict(long bytes, long blocks) {
    List<BlockKey> victims = index.victims(limits.eviction(), bytes, blocks);
    for (BlockKey key : victims) {
      metrics.evictions().increment();
      metrics.evictionBytes().add(key.sizeBytes());
      remover.accept(key);
    }
  }

  private void expire(Instant now) {
    int oldest = (int) now.minus(limits.expireAfter()).getEpochSecond();
    index.unusedSince(oldest).forEach(remover);
  }

  private void rescan(Instant now) {
    Set<BlockKey> gone = new HashSet<>(index.keys());
    FolderScan running =
        new FolderScan(
            folder,
            now,
            (key, staged, lastUsedSeconds) -> {
              gone.remove(key);
              index.putIfAbsent(key, new CachedBlock(key.sizeBytes(), staged, lastUsedSeconds));
            });
    scan = running;
    if (stopped) {
      return;
    }
    running.run();
    if (!stopped) {
      gone.stream().filter(key -> !Files.exists(folder.rawPath(key))).forEach(remover);
      scanned = true;
      grown();
    }
  }

  /** Without its id a folder is another one: what was in it may be gone, open files included. */
  private void checkId(Instant now) {
    String id = folderId;
    if (id == null || folder.hasId()) {
      return;
    }
    log.warn("{} has lost its .lock: was it removed or unmounted?", folder.root());
    try {
      folder.makeFolder(folder.root());
      folder.restoreId(id);
      if (freeSpaceRatio < SAFE_RATIO && isOnRootVolume()) {
        freeSpaceRatio = SAFE_RATIO;
      }
      rescan(now);
    } catch (IOException e) {
      health.failed(e);
    }
  }

  private boolean isOnRootVolume() throws IOException {
    return Files.getFileStore(folder.root()).equals(Files.getFileStore(Path.of("/")));
  }

  /** Whether an error means that the disk, or a quota of it, is full. */
  static boolean isFull(IOException trouble) {
    String message = String.valueOf(trouble.getMessage());
    return message.contains("No space left on device") || message.contains("Disk quota exceeded");
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
