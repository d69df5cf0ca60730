package io.jfs.vfs.compact;

import io.jfs.cache.page.PageSlice;
import io.jfs.chunk.object.NoSuchObjectException;
import io.jfs.chunk.slice.SliceStore;
import io.jfs.chunk.slice.SliceWriter;
import io.jfs.meta.Meta;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Slice;
import io.jfs.meta.ops.CompactChunk;
import io.jfs.meta.ops.CompactionPlan;
import io.jfs.vfs.stats.Histogram;
import io.jfs.vfs.stats.Metric;
import io.jfs.vfs.stats.StatsSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the visible bytes of a chunk as one new slice and puts it in place of those it shows. In
 * the background a bounded number of chunks at once; what is asked beyond is dropped, and asked
 * again when the chunk is next used. Owns its threads.
 */
public final class Compactor implements AutoCloseable, StatsSource {
  private static final Logger log = LoggerFactory.getLogger(Compactor.class);
  private static final int MAX_AT_ONCE = 10;
  private static final long STOP_SECONDS = 30;
  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(1 << 16);

  /** Told when a chunk shows the same bytes from other slices. */
  @FunctionalInterface
  public interface Listener {
    /** The slices of a chunk were replaced. */
    void compacted(Ino ino, int index);
  }

  private static final Metric SIZES =
      Metric.histogram("compact_size_histogram_bytes", "Bytes that a compaction wrote.");

  private final Meta meta;
  private final SliceStore store;
  private final Listener listener;
  private final Histogram sizes = Histogram.bytes(1024, 2.0, 16);
  private final ThreadPoolExecutor threads;
  private final Set<ChunkKey> running = ConcurrentHashMap.newKeySet();
  private volatile boolean stopped;
  private volatile boolean readOnly; // as the volume has answered

  /** Compacts chunks of {@code meta} whose bytes are in {@code store}. */
  public Compactor(Meta meta, SliceStore store, Listener listener) {
    this.meta = meta;
    this.store = store;
    this.listener = listener;
    this.threads =
        new ThreadPoolExecutor(
            0,
            MAX_AT_ONCE,
            5,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> {
              Thread thread = new Thread(task, "jfs-compact");
              thread.setDaemon(true);
              return thread;
            });
  }

  @Override
  public void collect(Sink sink) {
    sink.histogram(SIZES, sizes.observed());
  }

  /** Asks for a chunk to be compacted some time soon, without waiting. */
  public void request(Ino ino, int index) {
    ChunkKey chunk = new ChunkKey(ino, index);
    if (stopped || readOnly || !running.add(chunk)) {
      return;
    }
    try {
      threads.execute(() -> runRequested(chunk));
    } catch (RejectedExecutionException e) {
      running.remove(chunk); // busy, or about to stop
    }
  }

  private void runRequested(ChunkKey chunk) {
    try {
      boolean unused = compactNow(chunk);
    } catch (FsException e) {
      readOnly = readOnly || e.errno() == Errno.EROFS;
      log.debug("compaction of inode {} refused: {}", chunk.ino(), e.getMessage());
    } catch (IOException | RuntimeException e) {
      log.warn(
          "compaction of inode {} chunk {} failed: {}", chunk.ino(), chunk.index(), e.toString());
    } finally {
      running.remove(chunk);
    }
  }

  /**
   * Compacts a chunk and waits, unless it is just being compacted.
   *
   * @return whether its slices have become fewer
   */
  public boolean compact(Ino ino, int index) throws FsException, IOException {
    ChunkKey chunk = new ChunkKey(ino, index);
    if (!running.add(chunk)) {
      return false;
    }
    try {
      return compactNow(chunk);
    } finally {
      running.remove(chunk);
    }
  }

  private boolean compactNow(ChunkKey chunk) throws FsException, IOException {
    CompactionPlan plan = meta.planCompaction(chunk.ino(), chunk.index());
    Attr attr = plan == null ? null : attrIfThere(chunk.ino());
    if (plan == null || attr == null) {
      return false;
    }
    long id = meta.newSliceId();
    try {
      write(plan, id, attr.tier());
    } catch (NoSuchObjectException e) {
      if (plan.equals(meta.planCompaction(chunk.ino(), chunk.index()))) {
        throw e;
      }
      return false; // somebody else was faster, and what he replaced is gone
    }
    sizes.observe(plan.size());
    boolean committed = meta.commitCompaction(plan, id) == CompactChunk.Result.COMMITTED;
    if (committed) {
      listener.compacted(chunk.ino(), chunk.index());
    }
    log.debug(
        "compacted inode {} chunk {}: {} slices, {} bytes, committed {}",
        chunk.ino(),
        chunk.index(),
        plan.replaced().size(),
        plan.size(),
        committed);
    return committed;
  }

  /** Attributes of the file; null if it was deleted. */
  private @Nullable Attr attrIfThere(Ino ino) throws FsException {
    try {
      return meta.getAttr(ino);
    } catch (FsException e) {
      if (e.errno() == Errno.ENOENT) {
        return null;
      }
      throw e;
    }
  }

  private void write(CompactionPlan plan, long id, int tier) throws IOException {
    SliceWriter writer = store.newWriter(tier);
    boolean done = false;
    try {
      writer.assignId(id);
      for (Slice piece : plan.pieces()) {
        copy(piece, writer, piece.pos() - plan.pos());
      }
      await(writer);
      done = true;
    } finally {
      if (!done) {
        writer.abort();
      }
    }
  }

  private void copy(Slice piece, SliceWriter writer, int to) throws IOException {
    for (int done = 0; done < piece.len(); ) {
      if (stopped) {
        throw new IOException("the mount is going away");
      }
      int left = piece.len() - done;
      if (piece.isHole()) {
        int length = Math.min(left, ZEROS.capacity());
        writer.write(to + done, ZEROS.slice(0, length));
        done += length;
      } else {
        try (PageSlice page =
            store.read(piece.id(), piece.size(), piece.off() + done, left, true)) {
          writer.write(to + done, page.buffer());
          done += page.lengthBytes();
        }
      }
    }
  }

  private static void await(SliceWriter writer) throws IOException {
    try {
      writer.finish().get();
    } catch (ExecutionException e) {
      throw asIoException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while writing a compacted slice", e);
    }
  }

  private static IOException asIoException(@Nullable Throwable cause) {
    return cause instanceof IOException io ? io : new IOException("upload failed", cause);
  }

  /** Gives up what runs and ends the threads. */
  @Override
  public void close() {
    stopped = true;
    threads.shutdown();
    try {
      if (!threads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        log.warn("compactions are still running");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
