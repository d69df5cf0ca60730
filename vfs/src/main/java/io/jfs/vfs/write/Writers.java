package io.jfs.vfs.write;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.chunk.slice.SliceStore;
import io.jfs.meta.Meta;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.vfs.Cancellation;
import io.jfs.vfs.VfsConfig;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the writers of a mount share: the one thread that sends off idle slices, and the threads
 * that name slices for which nobody waits. Owns both.
 */
public final class Writers implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Writers.class);
  private static final long TICK_MILLIS = 100;
  private static final int MAX_COMMITTERS = 16;
  private static final long STOP_SECONDS = 60;

  private final Meta meta;
  private final SliceStore store;
  private final WriterConfig config;
  private final InstantSource clock;
  private final BooleanSupplier memoryShort;
  private final ThreadPoolExecutor committers;
  private final Thread flusher;

  @GuardedBy("this")
  private final Set<FileWriter> dirty = new HashSet<>();

  @GuardedBy("this")
  private boolean stopped;

  private volatile boolean hurry;

  /**
   * Starts its threads.
   *
   * @param memoryShort whether somebody waits for write memory: open slices are then sent off early
   */
  public Writers(
      Meta meta,
      SliceStore store,
      VfsConfig config,
      InstantSource clock,
      BooleanSupplier memoryShort) {
    this.meta = meta;
    this.store = store;
    this.config =
        WriterConfig.of(config.blockSizeBytes(), config.ioRetries(), config.putTimeoutMillis());
    this.clock = clock;
    this.memoryShort = memoryShort;
    this.committers =
        new ThreadPoolExecutor(
            0,
            MAX_COMMITTERS,
            5,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> daemon(task, "jfs-commit"),
            new ThreadPoolExecutor.CallerRunsPolicy());
    this.flusher = daemon(this::flushIdle, "jfs-flush");
    flusher.start();
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** A writer for an inode that was opened. */
  public FileWriter open(Ino ino, WrittenFile file) {
    return new FileWriter(this, ino, file);
  }

  Meta meta() {
    return meta;
  }

  SliceStore store() {
    return store;
  }

  WriterConfig config() {
    return config;
  }

  Executor committers() {
    return committers;
  }

  Instant now() {
    return clock.instant();
  }

  boolean isMemoryShort() {
    return memoryShort.getAsBoolean();
  }

  /** Memory is short: every file sends off what it holds. */
  void hurry() {
    hurry = true;
  }

  /** A writer has an open slice. */
  synchronized void dirty(FileWriter writer) {
    if (dirty.add(writer) && dirty.size() == 1) {
      notifyAll();
    }
  }

  private void flushIdle() {
    List<FileWriter> writers = new ArrayList<>();
    while (awaitDirty(writers)) {
      boolean all = hurry || memoryShort.getAsBoolean();
      hurry = false;
      long now = System.nanoTime();
      for (FileWriter writer : writers) {
        sealIdle(writer, now, all);
      }
      writers.clear();
    }
  }

  private void sealIdle(FileWriter writer, long now, boolean all) {
    try {
      // Taken out first: a slice that is opened meanwhile puts the writer in again.
      synchronized (this) {
        dirty.remove(writer);
      }
      if (writer.sealIdle(now, all)) {
        dirty(writer);
      }
    } catch (RuntimeException e) {
      log.error("flushing idle slices failed", e);
    }
  }

  /** Waits for the next round; false when stopped. */
  private synchronized boolean awaitDirty(List<FileWriter> writers) {
    try {
      while (dirty.isEmpty() && !stopped) {
        wait();
      }
      long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
      for (long left = deadline - System.nanoTime(); left > 0 && !stopped; ) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
        left = deadline - System.nanoTime();
      }
    } catch (InterruptedException e) {
      return false;
    }
    writers.addAll(dirty);
    return !stopped;
  }

  /** Flushes every file; logs what cannot be flushed. */
  public void flushAll() {
    List<FileWriter> writers;
    synchronized (this) {
      writers = new ArrayList<>(dirty);
    }
    for (FileWriter writer : writers) {
      try {
        writer.flush(new Cancellation());
      } catch (FsException e) {
        log.warn("flush at the end failed: {}", e.getMessage());
      }
    }
  }

  /** Flushes and ends the threads. */
  @Override
  public void close() {
    flushAll();
    synchronized (this) {
      stopped = true;
      notifyAll();
    }
    committers.shutdown();
    try {
      flusher.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
      if (!committers.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        log.warn("commits are still running");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
