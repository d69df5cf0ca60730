package io.jfs.chunk.slice;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.cache.block.BlockKey;
import io.jfs.cache.block.StagingArea;
import io.jfs.cache.page.Page;
import io.jfs.chunk.object.NoSuchObjectException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uploads staged blocks in the order in which they were staged, several at once, as soon as delay
 * and hours allow. What fails stays and is tried again; what is removed meanwhile is deleted.
 */
final class StagedUploads {
  private static final Logger log = LoggerFactory.getLogger(StagedUploads.class);

  private final StagingArea staging;
  private final BlockStore blocks;
  private final WritebackConfig config;
  private final Clock clock;
  private final Executor executor;
  private final int maxRunning;
  private final SliceMetrics metrics;

  @GuardedBy("this")
  private final Map<BlockKey, Instant> waiting = new LinkedHashMap<>(); // oldest first

  @GuardedBy("this")
  private final Map<BlockKey, Instant> running = new HashMap<>();

  @GuardedBy("this")
  private final Set<BlockKey> removed = new HashSet<>(); // while they were running

  @GuardedBy("this")
  private final Set<BlockKey> tried = new HashSet<>(); // their objects may exist

  @GuardedBy("this")
  private boolean failing; // try one at a time

  @GuardedBy("this")
  private boolean resumed;

  @GuardedBy("this")
  private boolean closed;

  /**
   * Uploads from {@code staging} on {@code executor}.
   *
   * @param clock tells the time and the zone that upload hours are in
   */
  StagedUploads(
      StagingArea staging,
      BlockStore blocks,
      WritebackConfig config,
      Clock clock,
      Executor executor,
      int maxRunning,
      SliceMetrics metrics) {
    this.staging = staging;
    this.blocks = blocks;
    this.config = config;
    this.clock = clock;
    this.executor = executor;
    this.maxRunning = maxRunning;
    this.metrics = metrics;
  }

  /** Takes up what an earlier mount left. */
  void resume() {
    List<StagingArea.Staged> left = staging.scan();
    if (!left.isEmpty()) {
      log.info("found {} staged blocks, uploading them", left.size());
    }
    synchronized (this) {
      left.forEach(found -> waiting.putIfAbsent(found.key(), found.since()));
      resumed = true;
      notifyAll();
    }
    startDue();
  }

  /** Stages a block and sees to its upload; REFUSED means that the caller must upload it. */
  StagingArea.Outcome stage(BlockKey key, Page page) {
    if (key.sizeBytes() > config.maxBlockBytes()) {
      return StagingArea.Outcome.REFUSED;
    }
    StagingArea.Outcome outcome = staging.stage(key, page);
    if (outcome == StagingArea.Outcome.STAGED) {
      synchronized (this) {
        waiting.put(key, clock.instant());
      }
      startDue();
    }
    return outcome;
  }

  /** Forgets a block for good; true if its object may exist and is to be deleted. */
  boolean remove(BlockKey key) {
    boolean uploading;
    boolean unsent;
    synchronized (this) {
      boolean wasTried = tried.remove(key);
      unsent = waiting.remove(key) != null && !wasTried;
      uploading = running.containsKey(key);
      if (uploading) {
        removed.add(key);
      }
    }
    staging.drop(key);
    return !unsent;
  }

  /** Starts what may be uploaded now. To be called every second too. */
  void startDue() {
    List<BlockKey> due = new ArrayList<>();
    synchronized (this) {
      int places = (failing ? 1 : maxRunning) - running.size();
      Instant latest = latestDue();
      for (Map.Entry<BlockKey, Instant> next : waiting.entrySet()) {
        if (places <= due.size() || next.getValue().isAfter(latest) || closed) {
          break;
        }
        due.add(next.getKey());
        running.put(next.getKey(), next.getValue());
      }
      due.forEach(waiting::remove);
    }
    due.forEach(this::start);
  }

  /** Blocks staged at or before this moment are due. */
  private Instant latestDue() {
    if (staging.isSpaceShort()) {
      return Instant.MAX;
    }
    if (!config.hours().allow(LocalTime.now(clock))) {
      return Instant.MIN;
    }
    return clock.instant().minus(config.uploadDelay());
  }

  private void start(BlockKey key) {
    try {
      executor.execute(() -> upload(key));
    } catch (RejectedExecutionException e) {
      ended(key, Result.FAILED);
    }
  }

  private enum Result {
    UPLOADED,
    FAILED
  }

  private void upload(BlockKey key) {
    Result result = Result.FAILED;
    try {
      Page page = staging.load(key);
      if (page != null) {
        try (page) {
          blocks.put(key, page.buffer(0, key.sizeBytes()), 0);
        }
      } else {
        requireObject(key);
      }
      result = Result.UPLOADED;
    } catch (IOException | RuntimeException e) {
      log.warn("staged block {} waits on, its upload failed: {}", key.baseName(), e.toString());
    } finally {
      ended(key, result);
    }
  }

  /** Another mount on the same folder may have uploaded it. */
  private void requireObject(BlockKey key) throws IOException {
    synchronized (this) {
      if (removed.contains(key)) {
        return;
      }
    }
    if (!blocks.exists(key)) {
      throw new NoSuchObjectException(key.baseName() + " is neither staged nor stored");
    }
  }

  private void ended(BlockKey key, Result result) {
    boolean wasRemoved;
    synchronized (this) {
      Instant since = running.get(key);
      wasRemoved = removed.remove(key);
      failing = result == Result.FAILED;
      if (result == Result.FAILED && !wasRemoved && since != null) {
        putFirst(key, since);
        tried.add(key);
      } else {
        tried.remove(key);
      }
      if (result == Result.UPLOADED && since != null) {
        metrics.stagedMillis().add(Duration.between(since, clock.instant()).toMillis());
      }
    }
    if (wasRemoved) {
      delete(key);
    } else if (result == Result.UPLOADED) {
      staging.uploaded(key);
    }
    synchronized (this) {
      running.remove(key);
      notifyAll();
    }
    if (result == Result.UPLOADED) {
      startDue();
    }
  }

  @GuardedBy("this")
  private void putFirst(BlockKey key, Instant since) {
    Map<BlockKey, Instant> rest = new LinkedHashMap<>(waiting);
    waiting.clear();
    waiting.put(key, since);
    waiting.putAll(rest);
  }

  private void delete(BlockKey key) {
    staging.drop(key);
    try {
      blocks.delete(key);
    } catch (IOException e) {
      log.warn("block {} of a removed slice stays behind: {}", key.baseName(), e.toString());
    }
  }

  /** Waits until nothing is staged any more, or this is closed. */
  void awaitEmpty() throws InterruptedException {
    synchronized (this) {
      while (!closed && !(resumed && waiting.isEmpty() && running.isEmpty())) {
        wait();
      }
    }
  }

  /** Starts no more uploads; what is staged stays for the next mount. */
  void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
  }
}
