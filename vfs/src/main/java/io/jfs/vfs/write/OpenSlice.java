package io.jfs.vfs.write;

import io.jfs.chunk.slice.SliceWriter;
import io.jfs.meta.Meta.ChunkSlice;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.Timestamp;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One contiguous write that is not yet named by metadata. Written under its file's write lock until
 * it is sealed; from then on its {@link CommitQueue} has it.
 */
final class OpenSlice {
  /** Where it is on its way. */
  enum State {
    /** Takes writes. */
    OPEN,
    /** Complete, on its way to the store. */
    SEALED,
    /** Durable. */
    UPLOADED,
    /** The store refused it. */
    FAILED,
    /** Named by metadata, or given up. */
    DONE
  }

  private final int chunkIndex;
  private final int pos;
  private final long id;
  private final SliceWriter writer;
  private final long startedNanos;
  private long number; // under the queue's lock
  private volatile long lastWriteNanos;
  private volatile Instant lastWrite = Instant.EPOCH;
  private volatile int lengthBytes;
  private volatile State state = State.OPEN;
  private volatile @Nullable IOException failure;

  OpenSlice(int chunkIndex, int pos, long id, SliceWriter writer, long nowNanos) {
    this.chunkIndex = chunkIndex;
    this.pos = pos;
    this.id = id;
    this.writer = writer;
    this.startedNanos = nowNanos;
    this.lastWriteNanos = nowNanos;
    writer.assignId(id);
  }

  int chunkIndex() {
    return chunkIndex;
  }

  SliceWriter writer() {
    return writer;
  }

  /** Slices of a file are numbered as they are made. */
  void number(long value) {
    number = value;
  }

  long number() {
    return number;
  }

  State state() {
    return state;
  }

  void state(State next) {
    state = next;
  }

  boolean isOpen() {
    return state == State.OPEN;
  }

  @Nullable IOException failure() {
    return failure;
  }

  void failed(IOException cause) {
    failure = cause;
    state = State.FAILED;
  }

  /** First byte behind it, in the chunk. */
  int end() {
    return pos + lengthBytes;
  }

  /** First byte behind it, in the file. */
  long fileEnd() {
    return ((long) chunkIndex << ChunkWriter.CHUNK_SHIFT) + end();
  }

  /** Whether it reaches to the end of its chunk. */
  boolean isFull() {
    return end() == Slice.CHUNK_BYTES;
  }

  boolean overlaps(long from, long to) {
    return from < end() && to > pos;
  }

  /**
   * Whether a write that starts at {@code at} may join: an append, or a rewrite within the last
   * block, which is not yet on its way.
   */
  boolean accepts(int at, int blockSizeBytes) {
    int tail = pos + lengthBytes - lengthBytes % blockSizeBytes;
    return at >= tail && at <= end();
  }

  void write(int at, ByteBuffer data, long nowNanos, Instant now) throws IOException {
    int newLength = Math.max(lengthBytes, at - pos + data.remaining());
    writer.write(at - pos, data);
    lengthBytes = newLength;
    lastWriteNanos = nowNanos;
    lastWrite = now;
  }

  long ageNanos(long nowNanos) {
    return nowNanos - startedNanos;
  }

  long idleNanos(long nowNanos) {
    return nowNanos - lastWriteNanos;
  }

  Timestamp mtime() {
    return Timestamp.of(lastWrite);
  }

  ChunkSlice toRecord() {
    int length = lengthBytes;
    return new ChunkSlice(chunkIndex, new Slice(pos, id, length, 0, length));
  }
}
