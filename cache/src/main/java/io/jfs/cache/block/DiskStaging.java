package io.jfs.cache.block;

import io.jfs.cache.page.Page;
import io.jfs.cache.page.PagePool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Staged blocks of one cache folder: files in {@code rawstaging}, linked into {@code raw} so that
 * they can be read.
 */
final class DiskStaging {
  private static final Logger log = LoggerFactory.getLogger(DiskStaging.class);

  private static final Duration YOUNG = Duration.ofMinutes(1);

  private final CacheFolder folder;
  private final ChecksumLevel checksums;
  private final CacheIndex index;
  private final OpenFiles files;
  private final DiskKeeper keeper;
  private final PagePool pool;
  private final InstantSource clock;
  private final int ageSeconds;
  private final Semaphore writes;
  private final DirectorySync directorySync = new DirectorySync();

  /**
   * Staged blocks of {@code folder}.
   *
   * @param ageSeconds how old a new block looks to eviction, once it is uploaded
   * @param maxWrites how many may be written at once
   */
  DiskStaging(
      CacheFolder folder,
      ChecksumLevel checksums,
      CacheIndex index,
      OpenFiles files,
      DiskKeeper keeper,
      PagePool pool,
      InstantSource clock,
      int ageSeconds,
      int maxWrites) {
    this.folder = folder;
    this.checksums = checksums;
    this.index = index;
    this.files = files;
    this.keeper = keeper;
    this.pool = pool;
    this.clock = clock;
    this.ageSeconds = ageSeconds;
    this.writes = new Semaphore(maxWrites);
  }

  /** Writes the block and makes it durable, unless the disk is short of space or too busy. */
  StagingArea.Outcome write(BlockKey key, ByteBuffer data) throws IOException {
    if (!keeper.hasStagingRoom() || !writes.tryAcquire()) {
      return StagingArea.Outcome.REFUSED;
    }
    try {
      Path path = folder.stagingPath(key);
      ByteBuffer trailer =
          checksums == ChecksumLevel.NONE ? ByteBuffer.allocate(0) : SegmentChecksums.trailer(data);
      folder.writeDurably(path, data, trailer, directorySync);
      link(key, path);
      index.put(key, new CachedBlock(key.sizeBytes(), true, nowSeconds() - ageSeconds));
      return StagingArea.Outcome.STAGED;
    } finally {
      writes.release();
    }
  }

  /** Without the link the block is still read, from the staging file. */
  private void link(BlockKey key, Path staged) {
    try {
      Path raw = folder.rawPath(key);
      folder.makeFolder(CacheFolder.parentOf(raw));
      Path ignored = Files.createLink(raw, staged);
    } catch (FileAlreadyExistsException e) {
      return;
    } catch (IOException e) {
      log.warn("cannot link staged block {}: {}", key.baseName(), e.toString());
    }
  }

  /** All staged files; unknown ones are left alone. */
  List<StagingArea.Staged> scan() {
    List<StagingArea.Staged> found = new ArrayList<>();
    scan(folder.staging(), "", found);
    for (StagingArea.Staged staged : found) {
      BlockKey key = staged.key();
      index.put(key, new CachedBlock(key.sizeBytes(), true, nowSeconds() - ageSeconds));
    }
    return found;
  }

  private void scan(Path directory, String base, List<StagingArea.Staged> found) {
    try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
      for (Path child : children) {
        String name = base + child.getFileName();
        if (Files.isDirectory(child)) {
          scan(child, name + "/", found);
        } else {
          add(child, name, found);
        }
      }
    } catch (NoSuchFileException e) {
      return; // nothing was ever staged
    } catch (IOException | DirectoryIteratorException e) {
      log.warn("cannot scan staged blocks in {}: {}", directory, e.toString());
    }
  }

  private void add(Path path, String name, List<StagingArea.Staged> found) throws IOException {
    BlockKey key = folder.naming().parse(name);
    Instant modified = Files.getLastModifiedTime(path).toInstant();
    if (key != null) {
      found.add(new StagingArea.Staged(key, modified));
    } else if (name.endsWith(".tmp") && modified.isBefore(clock.instant().minus(YOUNG))) {
      unlink(path); // its writer is gone
    } else if (!name.endsWith(".tmp")) {
      log.warn("ignoring {} among staged blocks", path);
    }
  }

  @Nullable Page load(BlockKey key) throws IOException {
    try (CacheFile file = CacheFile.open(folder.stagingPath(key), key.sizeBytes())) {
      return file.readWhole(pool, checksums);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Turns a staged block into a cached one, the first to go when room is needed. */
  void uploaded(BlockKey key) {
    boolean linked = Files.exists(folder.rawPath(key));
    if (linked) {
      index.put(key, new CachedBlock(key.sizeBytes(), false, 0));
    } else {
      forget(key);
    }
    unlink(folder.stagingPath(key));
  }

  void drop(BlockKey key) {
    unlink(folder.stagingPath(key));
    unlink(folder.rawPath(key));
    forget(key);
  }

  private void forget(BlockKey key) {
    CachedBlock ignored = index.remove(key);
    files.forget(key);
  }

  private void unlink(Path path) {
    try {
      folder.remove(path);
    } catch (IOException e) {
      log.warn("cannot remove {}: {}", path, e.toString());
    }
  }

  private int nowSeconds() {
    return (int) clock.instant().getEpochSecond();
  }
}
