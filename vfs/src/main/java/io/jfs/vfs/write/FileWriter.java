package io.jfs.vfs.write;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.Timestamp;
import io.jfs.vfs.Cancellation;
import io.jfs.vfs.write.ChunkWriter.Choice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes of one inode, from all its handles. One thread writes at a time; the positions of appends
 * are taken under the same lock. Data specification 4.3.
 */
public final class FileWriter {
  /** A file does not get longer than this: 2^57 bytes. */
  public static final long MAX_LENGTH_BYTES = 1L << 57;

  private static final int MAX_PENDING_SLICES = 1000;
  private static final int MANY_OPEN_SLICES = 800;

  private final Writers writers;
  private final WrittenFile file;
  private final WriterConfig config;
  private final CommitQueue queue;
  private final ReentrantLock writing = new ReentrantLock();

  @GuardedBy("writing")
  private final Map<Integer, ChunkWriter> chunks = new HashMap<>(4);

  @GuardedBy("writing")
  private @Nullable ChunkWriter lastChunk;

  @GuardedBy("writing")
  private @Nullable OpenSlice lastSlice;

  private volatile long pendingEnd; // meaningful while something is pending
  private volatile Instant lastWrite = Instant.EPOCH;

  FileWriter(Writers writers, Ino ino, WrittenFile file) {
    this.writers = writers;
    this.file = file;
    this.config = writers.config();
    this.queue = new CommitQueue(ino, writers.meta(), file, writers.committers(), writers.config());
  }

  /** Something to do while nobody writes. */
  @FunctionalInterface
  public interface Exclusive<T> {
    /** Does it. */
    T run() throws FsException, IOException;
  }

  /**
   * Writes {@code data}, which is BORROWED, at {@code offset}.
   *
   * @throws FsException EFBIG; the sticking failure of an earlier write
   */
  public void write(long offset, ByteBuffer data, Cancellation cancellation)
      throws FsException, IOException {
    writing.lock();
    try {
      writeAt(offset, data, cancellation);
    } finally {
      writing.unlock();
    }
  }

  /**
   * Writes {@code data}, which is BORROWED, at the end of the file.
   *
   * @return where it was written
   */
  public long append(ByteBuffer data, Cancellation cancellation) throws FsException, IOException {
    writing.lock();
    try {
      long end = lengthBytes();
      writeAt(end, data, cancellation);
      return end;
    } finally {
      writing.unlock();
    }
  }

  /** Length as this client knows it: metadata's, or more by what is pending. */
  public long lengthBytes() {
    // In this order: what leaves the queue is in metadata's length before.
    long pending = queue.pending() > 0 ? pendingEnd : 0;
    return Math.max(pending, file.committedLengthBytes());
  }

  /** When pending bytes were last written; null if none are pending. */
  public @Nullable Timestamp pendingMtime() {
    return queue.pending() > 0 ? Timestamp.of(lastWrite) : null;
  }

  /** Whether there are bytes that metadata does not name yet. */
  public boolean isDirty() {
    return queue.pending() > 0;
  }

  /** Whether bytes of [offset, end) are not named by metadata yet. */
  public boolean isDirty(long offset, long end) {
    return queue.pending() > 0 && queue.overlaps(offset, end);
  }

  /**
   * Returns when everything written before is durable in the object store and named by metadata.
   *
   * @throws FsException what went wrong since the file was opened; EINTR
   */
  public void flush(Cancellation cancellation) throws FsException {
    if (queue.pending() == 0) {
      queue.throwIfFailed();
      return;
    }
    queue.enter();
    try {
      sealAll();
      queue.awaitAll(cancellation);
    } finally {
      queue.leave();
    }
  }

  /** Flushes, then does something before anybody writes again. */
  public <T> T exclusively(Cancellation cancellation, Exclusive<T> action)
      throws FsException, IOException {
    writing.lock();
    try {
      flush(cancellation);
      return action.run();
    } finally {
      writing.unlock();
    }
  }

  /** Something to do with two files while nobody writes to either. */
  public static <T> T exclusively(
      FileWriter first, FileWriter second, Cancellation cancellation, Exclusive<T> action)
      throws FsException, IOException {
    return first.exclusively(cancellation, () -> second.exclusively(cancellation, action));
  }

  private void sealAll() {
    writing.lock();
    try {
      for (ChunkWriter chunk : chunks.values()) {
        chunk.open().forEach(this::seal);
      }
      forgetClosed();
    } finally {
      writing.unlock();
    }
  }

  /**
   * Sends off slices that nobody writes to any more.
   *
   * @return whether slices stay open
   */
  boolean sealIdle(long nowNanos, boolean memoryShort) {
    if (!writing.tryLock()) {
      return true; // who is writing right now looks after its slices
    }
    try {
      for (ChunkWriter chunk : chunks.values()) {
        for (OpenSlice slice : chunk.open()) {
          if (memoryShort || isDue(slice, nowNanos)) {
            seal(slice);
          }
        }
      }
      forgetClosed();
      return !chunks.isEmpty();
    } finally {
      writing.unlock();
    }
  }

  private boolean isDue(OpenSlice slice, long nowNanos) {
    return slice.idleNanos(nowNanos) > TimeUnit.MILLISECONDS.toNanos(config.idleMillis())
        || isOld(slice, nowNanos);
  }

  private boolean isOld(OpenSlice slice, long nowNanos) {
    return slice.ageNanos(nowNanos) > TimeUnit.MILLISECONDS.toNanos(config.maxAgeMillis());
  }

  @GuardedBy("writing")
  private void writeAt(long offset, ByteBuffer data, Cancellation cancellation)
      throws FsException, IOException {
    queue.throwIfFailed();
    long end = offset + data.remaining();
    if (offset < 0 || end >= MAX_LENGTH_BYTES) {
      throw Errno.EFBIG.exception();
    }
    if (writers.isMemoryShort()) {
      sealAll();
      writers.hurry();
    }
    long nowNanos = System.nanoTime();
    Instant now = writers.now();
    int limit = data.limit();
    try {
      for (long at = offset; at < end; ) {
        int pos = (int) (at & (Slice.CHUNK_BYTES - 1));
        int length = (int) Math.min(end - at, Slice.CHUNK_BYTES - pos);
        data.limit(data.position() + length);
        writeChunk((int) (at >>> ChunkWriter.CHUNK_SHIFT), pos, data, nowNanos, now, cancellation);
        at += length;
        if (at > pendingEnd) {
          pendingEnd = at;
        }
      }
    } finally {
      data.limit(limit);
    }
    lastWrite = now;
  }

  @GuardedBy("writing")
  private void writeChunk(
      int index, int pos, ByteBuffer data, long nowNanos, Instant now, Cancellation cancellation)
      throws FsException, IOException {
    OpenSlice slice = placeFor(index, pos, data.remaining(), nowNanos, cancellation);
    try {
      slice.write(pos, data, nowNanos, now);
    } catch (IOException e) {
      seal(slice); // its upload has failed: sealing brings the failure to everybody
      if (CommitQueue.isNoSpace(e)) {
        throw Errno.ENOSPC.exception();
      }
      throw e;
    }
    if (slice.isFull()) {
      seal(slice);
      forgetClosed();
    }
  }

  @GuardedBy("writing")
  private OpenSlice placeFor(
      int index, int pos, int length, long nowNanos, Cancellation cancellation) throws FsException {
    OpenSlice last = lastSlice;
    if (last != null && last.chunkIndex() == index && canContinue(last, pos, nowNanos)) {
      return last;
    }
    ChunkWriter chunk = chunks.computeIfAbsent(index, i -> new ChunkWriter());
    Choice choice = chunk.choose(pos, length, config.blockSizeBytes());
    choice.outdated().forEach(this::seal);
    OpenSlice slice = choice.joins();
    if (slice != null && isOld(slice, nowNanos)) {
      seal(slice);
      slice = null;
    }
    if (slice == null) {
      slice = newSlice(chunk, index, pos, nowNanos, cancellation);
    }
    lastChunk = chunk;
    lastSlice = slice;
    return slice;
  }

  @GuardedBy("writing")
  private boolean canContinue(OpenSlice last, int pos, long nowNanos) {
    return last.isOpen()
        && lastChunk != null
        && lastChunk.isNewest(last)
        && last.accepts(pos, config.blockSizeBytes())
        && !isOld(last, nowNanos);
  }

  @GuardedBy("writing")
  private OpenSlice newSlice(
      ChunkWriter chunk, int index, int pos, long nowNanos, Cancellation cancellation)
      throws FsException {
    limitPending(cancellation);
    if (queue.pending() == 0) {
      pendingEnd = 0;
    }
    OpenSlice slice =
        new OpenSlice(
            index,
            pos,
            writers.meta().newSliceId(),
            writers.store().newWriter(file.storageTier()),
            nowNanos);
    chunk.add(slice);
    chunks.put(index, chunk);
    queue.add(slice);
    writers.dirty(this);
    return slice;
  }

  @GuardedBy("writing")
  private void limitPending(Cancellation cancellation) throws FsException {
    if (queue.pending() >= MANY_OPEN_SLICES) {
      sealAll();
    }
    if (queue.pending() >= MAX_PENDING_SLICES) {
      queue.enter();
      try {
        queue.awaitFewer(MAX_PENDING_SLICES, cancellation);
      } finally {
        queue.leave();
      }
    }
  }

  private void seal(OpenSlice slice) {
    if (slice.isOpen()) {
      queue.seal(slice);
    }
  }

  @GuardedBy("writing")
  private void forgetClosed() {
    chunks.values().removeIf(ChunkWriter::isClosed);
    if (lastSlice != null && !lastSlice.isOpen()) {
      lastSlice = null;
      lastChunk = null;
    }
  }
}
