package io.jfs.cache.block;

import io.jfs.cache.block.BlockCache.Admission;
import io.jfs.cache.page.MemoryBudget;
import io.jfs.cache.page.Page;
import io.jfs.cache.page.PagePool;
import io.jfs.cache.page.PageSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blocks in the files of one folder. Trouble of the disk is a miss; a damaged file is removed. Room
 * is made by {@link DiskKeeper}.
 */
final class DiskCache implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DiskCache.class);
  private static final int MAX_OPEN_FILES = 512;
  private static final ByteBuffer NO_TRAILER = ByteBuffer.allocate(0);

  private final CacheFolder folder;
  private final ChecksumLevel checksums;
  private final PagePool pool;
  private final MemoryTier memory;
  private final InstantSource clock;
  private final CacheMetrics metrics;
  private final CacheIndex index = new CacheIndex();
  private final OpenFiles files;
  private final DiskHealth health;
  private final DiskKeeper keeper;
  private final WriteQueue writes;
  private final DiskStaging staging;

  DiskCache(
      CacheFolder folder,
      DiskLimits limits,
      ChecksumLevel checksums,
      PagePool pool,
      MemoryTier memory,
      InstantSource clock,
      CacheMetrics metrics) {
    this.folder = folder;
    this.checksums = checksums;
    this.pool = pool;
    this.memory = memory;
    this.clock = clock;
    this.metrics = metrics;
    this.files = new OpenFiles(this::open, MAX_OPEN_FILES);
    this.health = new DiskHealth(folder.root().toString(), clock);
    this.keeper = new DiskKeeper(folder, limits, index, health, clock, metrics, this::remove);
    int ageSeconds = (int) (limits.expireAfter().toSeconds() / 2);
    this.staging =
        new DiskStaging(
            folder,
            checksums,
            index,
            files,
            keeper,
            pool,
            clock,
            ageSeconds,
            limits.maxStagingWrites());
    this.writes =
        new WriteQueue("cache-write", limits.maxPendingBytes(), (key, data) -> write(key, data));
  }

  /** What housekeeping calls. */
  DiskKeeper keeper() {
    return keeper;
  }

  DiskStaging staging() {
    return staging;
  }

  boolean isStaged(BlockKey key) {
    CachedBlock found = index.get(key);
    return found != null && found.isStaged();
  }

  /** Bytes of blocks that wait to be written. */
  long queuedBytes() {
    return writes.queuedBytes();
  }

  CacheIndex index() {
    return index;
  }

  /** To be told when memory is short. */
  MemoryBudget.Reclaimer reclaimer() {
    return writes;
  }

  @Nullable PageSlice read(BlockKey key, int off, int len) {
    PageSlice waiting = writes.read(key, off, len);
    if (waiting != null) {
      metrics.memoryHits().increment();
      return waiting;
    }
    boolean known = index.use(key, nowSeconds()) != null;
    if (!health.isUsable() || (!known && keeper.isScanned())) {
      return null;
    }
    boolean interrupted = Thread.interrupted(); // an interrupt would close the file for everybody
    long start = System.nanoTime();
    try {
      PageSlice found = readFile(key, off, len, Retry.ONCE);
      if (found != null) {
        metrics.diskHits().increment();
        metrics.diskReadNanos().accept(System.nanoTime() - start);
      }
      return found;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private enum Retry {
    ONCE,
    NEVER
  }

  private @Nullable PageSlice readFile(BlockKey key, int off, int len, Retry retry) {
    try (OpenFiles.Lease lease = files.lease(key)) {
      return readThrough(lease.file(), key, off, len);
    } catch (NoSuchFileException e) {
      if (!isStaged(key)) {
        forget(key);
      }
      return null;
    } catch (DamagedCacheFileException e) {
      metrics.damagedFiles().increment();
      log.warn("cached block {} is damaged, dropping it: {}", key.baseName(), e.getMessage());
      remove(key);
      return null;
    } catch (ClosedChannelException e) {
      files.forget(key);
      boolean interrupted = Thread.interrupted();
      PageSlice found = retry == Retry.ONCE ? readFile(key, off, len, Retry.NEVER) : null;
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      return found;
    } catch (IOException e) {
      files.forget(key);
      failed(e);
      return null;
    }
  }

  /** A small block is read whole, so that memory can answer next time. */
  private PageSlice readThrough(CacheFile file, BlockKey key, int off, int len) throws IOException {
    if (key.sizeBytes() > MemoryTier.MAX_BLOCK_BYTES) {
      return file.read(pool, off, len, checksums);
    }
    Page whole = file.readWhole(pool, checksums);
    memory.put(key, whole);
    return whole.takeSlice(off, len);
  }

  private CacheFile open(BlockKey key) throws IOException {
    CacheFile file;
    try {
      file = CacheFile.open(folder.rawPath(key), key.sizeBytes());
    } catch (NoSuchFileException e) {
      if (!isStaged(key)) {
        throw e;
      }
      file = CacheFile.open(folder.stagingPath(key), key.sizeBytes());
    }
    if (index.get(key) == null) {
      index.putIfAbsent(key, new CachedBlock(key.sizeBytes(), false, nowSeconds()));
    }
    return file;
  }

  /** Where the files are. */
  Path folder() {
    return folder.root();
  }

  boolean contains(BlockKey key) {
    if (writes.contains(key) || index.get(key) != null) {
      return true;
    }
    return !keeper.isScanned() && java.nio.file.Files.exists(folder.rawPath(key));
  }

  /** Keeps a block, later. */
  void put(BlockKey key, Page page, Admission admission) {
    if (index.get(key) != null) {
      return;
    }
    if (!health.isUsable() || !keeper.hasRoom() || !writes.offer(key, page, admission)) {
      metrics.drops().increment();
    }
  }

  /** Writes a block that is to be uploaded later. */
  StagingArea.Outcome stage(BlockKey key, Page page) {
    if (!health.isUsable()) {
      return StagingArea.Outcome.REFUSED;
    }
    metrics.stagingWrites().increment();
    try {
      StagingArea.Outcome outcome = staging.write(key, page.buffer(0, key.sizeBytes()));
      if (outcome == StagingArea.Outcome.STAGED) {
        metrics.stagedWriteBytes().add(key.sizeBytes());
        memory.put(key, page);
      }
      return outcome;
    } catch (IOException e) {
      metrics.stagingErrors().increment();
      log.debug("cannot stage block {}", key.baseName(), e);
      failed(e);
      return StagingArea.Outcome.REFUSED;
    } finally {
      metrics.stagingWrites().decrement();
    }
  }

  private void write(BlockKey key, ByteBuffer data) {
    if (index.get(key) != null) {
      return;
    }
    long start = System.nanoTime();
    try {
      ByteBuffer trailer =
          checksums == ChecksumLevel.NONE ? NO_TRAILER : SegmentChecksums.trailer(data);
      folder.write(folder.rawPath(key), data, trailer);
      index.put(key, new CachedBlock(key.sizeBytes(), false, nowSeconds()));
      metrics.writes().increment();
      metrics.writeBytes().add(key.sizeBytes());
      metrics.diskWriteNanos().accept(System.nanoTime() - start);
      keeper.grown();
    } catch (IOException e) {
      metrics.drops().increment();
      failed(e);
    } catch (RuntimeException e) {
      log.warn("cannot cache block {}", key.baseName(), e);
    }
  }

  /** Forgets a block and removes its file; a staged one stays. */
  void remove(BlockKey key) {
    writes.cancel(key);
    if (isStaged(key)) {
      return;
    }
    forget(key);
    try {
      folder.remove(folder.rawPath(key));
    } catch (IOException e) {
      failed(e);
    }
  }

  private void forget(BlockKey key) {
    files.forget(key);
    CachedBlock ignored = index.remove(key);
  }

  private void failed(IOException trouble) {
    metrics.diskErrors().increment();
    if (DiskKeeper.isFull(trouble)) {
      keeper.foundFull();
    } else {
      log.debug("cache folder {}", folder.root(), trouble);
      health.failed(trouble);
    }
  }

  /** Path of the folder, for people. */
  Path root() {
    return folder.root();
  }

  /** Closes files that nobody used lately. */
  void sweep() {
    files.sweep();
  }

  @Override
  public void close() {
    keeper.stop();
    writes.close();
    files.close();
  }

  private int nowSeconds() {
    return (int) clock.instant().getEpochSecond();
  }
}
