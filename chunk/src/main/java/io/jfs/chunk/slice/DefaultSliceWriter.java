package io.jfs.chunk.slice;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.cache.block.BlockKey;
import io.jfs.cache.page.Page;
import io.jfs.cache.page.PagePool;
import io.jfs.chunk.slice.BlockBuffer.Growth;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Collects bytes into blocks and hands full ones to the uploader. */
final class DefaultSliceWriter implements SliceWriter {
  private static final long UNNAMED = -1;
  private static final int MAX_SLICE_BYTES = 64 << 20;

  private enum State {
    OPEN,
    FINISHED,
    ABORTED
  }

  /** A complete block that waits for the slice's name. */
  private record Sealed(int index, Page page, int lengthBytes) {}

  private final BlockUploader uploader;
  private final PagePool pool;
  private final StoreHealth health;
  private final int blockSizeBytes;
  private final int tier;
  private final BlockBuffer tail;
  private final CompletableFuture<Void> done = new CompletableFuture<>();

  @GuardedBy("this")
  private final List<Sealed> sealed = new ArrayList<>();

  @GuardedBy("this")
  private final List<BlockKey> sent = new ArrayList<>();

  @GuardedBy("this")
  private long id = UNNAMED;

  @GuardedBy("this")
  private int uploading;

  @GuardedBy("this")
  private @Nullable Throwable failure;

  @GuardedBy("this")
  private State state = State.OPEN;

  private volatile boolean givenUp;
  private int lengthBytes; // of the writing thread

  DefaultSliceWriter(
      BlockUploader uploader, PagePool pool, StoreHealth health, int blockSizeBytes, int tier) {
    this.uploader = uploader;
    this.pool = pool;
    this.health = health;
    this.blockSizeBytes = blockSizeBytes;
    this.tier = tier;
    this.tail = new BlockBuffer(pool, blockSizeBytes);
  }

  @Override
  public void assignId(long sliceId) {
    synchronized (this) {
      if (id != UNNAMED) {
        throw new IllegalStateException("slice already has id " + id);
      }
      id = sliceId;
    }
    flushFull();
  }

  @Override
  public int lengthBytes() {
    return lengthBytes;
  }

  @Override
  public void write(int off, ByteBuffer data) throws IOException {
    requireWritable();
    int tailStart = lengthBytes - lengthBytes % blockSizeBytes;
    long end = (long) off + data.remaining();
    if (off < tailStart || off > lengthBytes || end > MAX_SLICE_BYTES) {
      throw new IllegalArgumentException(
          "write [" + off + ", " + end + ") to slice of " + lengthBytes + " bytes");
    }
    int at = off;
    while (data.hasRemaining()) {
      at += writeIntoTail(at, data);
    }
  }

  /** Writes up to the end of the block that is being filled; the number of bytes written. */
  private int writeIntoTail(int off, ByteBuffer data) {
    int index = off / blockSizeBytes;
    int start = off % blockSizeBytes;
    int length = Math.min(data.remaining(), blockSizeBytes - start);
    tail.reserve(start + length, growth(index));
    tail.write(start, data.slice(data.position(), length));
    data.position(data.position() + length);
    lengthBytes = Math.max(lengthBytes, off + length);
    if (tail.isFull()) {
      seal(index);
      flushFull();
    }
    return length;
  }

  /** A slice that has filled a block is long; it may take whole blocks while memory abounds. */
  private Growth growth(int index) {
    boolean abounds = pool.budget().usedBytes() < pool.budget().limitBytes() / 2;
    if (!abounds) {
      return Growth.TIGHT;
    }
    return index > 0 ? Growth.WHOLE_BLOCK : Growth.GENEROUS;
  }

  private synchronized void seal(int index) {
    int length = tail.lengthBytes();
    Page page = tail.takePage();
    if (failure == null) {
      sealed.add(new Sealed(index, page, length));
    } else {
      page.close();
    }
  }

  private synchronized void requireWritable() throws IOException {
    if (state != State.OPEN) {
      throw new IllegalStateException("slice is " + state);
    }
    if (failure != null) {
      throw asIoException(failure);
    }
  }

  @Override
  public void flushFull() {
    for (; ; ) {
      Sealed block;
      BlockKey key;
      synchronized (this) {
        if (id == UNNAMED || sealed.isEmpty() || givenUp) {
          return;
        }
        block = sealed.remove(0);
        key = new BlockKey(id, block.index, block.lengthBytes);
        sent.add(key);
        uploading++;
      }
      uploader.upload(key, block.page, tier, () -> givenUp, this::uploaded);
    }
  }

  @Override
  public CompletableFuture<Void> finish() {
    synchronized (this) {
      if (state != State.OPEN || (id == UNNAMED && lengthBytes > 0)) {
        throw new IllegalStateException("finish of a slice that is " + state + ", id " + id);
      }
      state = State.FINISHED;
      if (tail.lengthBytes() > 0) {
        seal(lengthBytes / blockSizeBytes);
      }
    }
    flushFull();
    settleIfOver();
    return done;
  }

  @Override
  public void abort() {
    synchronized (this) {
      if (state == State.ABORTED) {
        return;
      }
      state = State.ABORTED;
      fail(new IOException("slice was given up"));
      tail.discard();
    }
    health.wakeAll();
    settleIfOver();
  }

  private void uploaded(@Nullable Throwable trouble) {
    synchronized (this) {
      uploading--;
      if (trouble != null) {
        fail(trouble);
      }
    }
    settleIfOver();
  }

  @GuardedBy("this")
  private void fail(Throwable trouble) {
    if (failure == null) {
      failure = trouble;
    }
    givenUp = true;
    sealed.forEach(block -> block.page.close());
    sealed.clear();
  }

  /** Once the writing has ended and no upload runs any more: the outcome. */
  private void settleIfOver() {
    Throwable trouble;
    List<BlockKey> leftBehind;
    synchronized (this) {
      if (state == State.OPEN || uploading > 0 || !sealed.isEmpty()) {
        return;
      }
      trouble = failure;
      leftBehind = trouble == null ? List.of() : List.copyOf(sent);
      if (trouble != null) {
        sent.clear();
      }
    }
    if (!leftBehind.isEmpty()) {
      uploader.deleteLater(leftBehind);
    }
    if (trouble == null) {
      done.complete(null);
    } else {
      done.completeExceptionally(asIoException(trouble));
    }
  }

  private static IOException asIoException(Throwable trouble) {
    return trouble instanceof IOException io ? io : new IOException("upload failed", trouble);
  }
}
