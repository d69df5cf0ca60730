package io.jfs.vfs.write;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.chunk.object.NoSpaceException;
import io.jfs.meta.Meta;
import io.jfs.meta.Meta.ChunkSlice;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.txn.EngineException;
import io.jfs.vfs.Cancellation;
import io.jfs.vfs.stats.Waits;
import io.jfs.vfs.write.OpenSlice.State;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The slices of one file that metadata does not name yet. Names them once they are durable: within
 * a chunk in order of creation, over chunks so that the file grows in order; as many as are ready
 * in one transaction. The thread that waits in a flush commits by itself; otherwise an executor
 * does.
 *
 * <p>A failure sticks: what is pending is given up, and everybody who asks gets the same refusal.
 */
final class CommitQueue {
  private static final Logger log = LoggerFactory.getLogger(CommitQueue.class);

  /** Most slices in one transaction: some engines bound its size. */
  private static final int MAX_BATCH = 64;

  private static final long CHECK_MILLIS = 100;

  /** So long a flush waits for all uploads before it names those that are done. */
  private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final Ino ino;
  private final Meta meta;
  private final WrittenFile file;
  private final Executor committers;
  private final WriterConfig config;

  @GuardedBy("this")
  private final TreeMap<Integer, Deque<OpenSlice>> chunks = new TreeMap<>();

  @GuardedBy("this")
  private long nextNumber;

  @GuardedBy("this")
  private boolean committing;

  @GuardedBy("this")
  private int waiting;

  private volatile int pending;
  private volatile @Nullable Errno failure;

  CommitQueue(Ino ino, Meta meta, WrittenFile file, Executor committers, WriterConfig config) {
    this.ino = ino;
    this.meta = meta;
    this.file = file;
    this.committers = committers;
    this.config = config;
  }

  /** Number of slices that metadata does not name yet. */
  int pending() {
    return pending;
  }

  void throwIfFailed() throws FsException {
    Errno errno = failure;
    if (errno != null) {
      throw errno.exception();
    }
  }

  // pending is written under the lock and read without.
  @SuppressWarnings("NonAtomicVolatileUpdate")
  synchronized void add(OpenSlice slice) {
    slice.number(nextNumber++);
    chunks.computeIfAbsent(slice.chunkIndex(), index -> new ArrayDeque<>()).add(slice);
    pending++;
  }

  /** Takes over a slice that gets no more writes: sends off the rest of it. */
  void seal(OpenSlice slice) {
    slice.state(State.SEALED);
    Object unused =
        slice.writer().finish().whenComplete((done, trouble) -> settled(slice, trouble));
  }

  private void settled(OpenSlice slice, @Nullable Throwable trouble) {
    synchronized (this) {
      if (slice.state() != State.DONE) {
        if (trouble == null) {
          slice.state(State.UPLOADED);
        } else {
          slice.failed(asIoException(trouble));
        }
      }
      if (waiting > 0) {
        notifyAll();
        return;
      }
    }
    committers.execute(this::commitReady);
  }

  /** Whether an upload failed because the object store is full. */
  static boolean isNoSpace(IOException failure) {
    return failure instanceof NoSpaceException || failure.getCause() instanceof NoSpaceException;
  }

  private static IOException asIoException(Throwable trouble) {
    Throwable cause = trouble.getCause() instanceof IOException inner ? inner : trouble;
    return cause instanceof IOException io ? io : new IOException("upload failed", trouble);
  }

  /** Whether bytes of [offset, end) are pending. */
  synchronized boolean overlaps(long offset, long end) {
    for (Deque<OpenSlice> slices : chunks.values()) {
      for (OpenSlice slice : slices) {
        long base = (long) slice.chunkIndex() << ChunkWriter.CHUNK_SHIFT;
        if (slice.overlaps(offset - base, end - base)) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Waits until every slice that is pending now is named; all of them must be sealed.
   *
   * @throws FsException the failure; EIO after the patience; EINTR if cancelled after a good while
   */
  void awaitAll(Cancellation cancellation) throws FsException {
    awaitDone(allPending(), 0, cancellation);
    throwIfFailed();
  }

  /** Waits until fewer than {@code limit} slices are pending; all of them must be sealed. */
  void awaitFewer(int limit, Cancellation cancellation) throws FsException {
    if (pending >= limit) {
      awaitDone(allPending(), limit - 1, cancellation);
    }
    throwIfFailed();
  }

  private synchronized List<OpenSlice> allPending() {
    List<OpenSlice> all = new ArrayList<>(pending);
    chunks.values().forEach(all::addAll);
    return all;
  }

  private void awaitDone(List<OpenSlice> awaited, int tolerated, Cancellation cancellation)
      throws FsException {
    long started = System.nanoTime();
    while (countUndone(awaited) > tolerated) {
      // All in one transaction if the last upload is not far.
      boolean hurry = System.nanoTime() - started > GATHER_NANOS;
      if (hurry || isComplete(awaited)) {
        commitReady();
      }
      awaitChange(awaited, hurry);
      checkPatience(System.nanoTime() - started, cancellation);
    }
  }

  private static boolean isComplete(List<OpenSlice> slices) {
    for (OpenSlice slice : slices) {
      if (slice.state() == State.SEALED) {
        return false;
      }
    }
    return true;
  }

  /** The calling thread is going to wait, and commits what becomes ready until it leaves. */
  synchronized void enter() {
    waiting++;
  }

  /** Ends {@link #enter}. */
  void leave() {
    synchronized (this) {
      waiting--;
      if (waiting > 0 || pending == 0) {
        return;
      }
    }
    committers.execute(this::commitReady); // what became ready while we were responsible
  }

  private static int countUndone(List<OpenSlice> slices) {
    int undone = 0;
    for (OpenSlice slice : slices) {
      undone += slice.state() == State.DONE ? 0 : 1;
    }
    return undone;
  }

  private synchronized void awaitChange(List<OpenSlice> awaited, boolean hurry) {
    boolean mayCommit = !committing && (hurry || isComplete(awaited));
    if ((mayCommit && !nextBatch().isEmpty()) || countUndone(awaited) == 0) {
      return;
    }
    Waits waits = Waits.current();
    long start = waits.begin(Waits.Kind.OBJECT); // uploads are what takes long here
    try {
      TimeUnit.MILLISECONDS.timedWait(this, CHECK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      waits.end(Waits.Kind.OBJECT, start);
    }
  }

  private void checkPatience(long waitedNanos, Cancellation cancellation) throws FsException {
    long waitedMillis = TimeUnit.NANOSECONDS.toMillis(waitedNanos);
    if (waitedMillis > config.flushTimeoutMillis()) {
      log.warn("flush of inode {} gave up after {} ms", ino, waitedMillis);
      throw Errno.EIO.exception();
    }
    if (waitedMillis > config.uninterruptibleMillis() && cancellation.isCancelled()) {
      throw Errno.EINTR.exception();
    }
  }

  /** Names everything that is ready, unless another thread is at it. */
  void commitReady() {
    for (; ; ) {
      List<OpenSlice> batch;
      synchronized (this) {
        if (committing) {
          return;
        }
        batch = nextBatch();
        if (batch.isEmpty()) {
          return;
        }
        committing = true;
      }
      try {
        commit(batch);
      } finally {
        finishBatch(batch);
      }
    }
  }

  private void finishBatch(List<OpenSlice> batch) {
    synchronized (this) {
      batch.forEach(slice -> slice.state(State.DONE));
      removeDone();
      committing = false;
      notifyAll();
    }
    if (failure == null) {
      file.stored();
    }
  }

  private void commit(List<OpenSlice> batch) {
    IOException uploadFailure = batch.get(0).failure();
    if (uploadFailure != null) {
      log.warn("inode {}: upload failed: {}", ino, uploadFailure.toString());
      giveUp(isNoSpace(uploadFailure) ? Errno.ENOSPC : Errno.EIO);
      return;
    }
    List<ChunkSlice> records = new ArrayList<>(batch.size());
    Timestamp mtime = batch.get(0).mtime();
    for (OpenSlice slice : batch) {
      records.add(slice.toRecord());
      mtime = slice.mtime().compareTo(mtime) > 0 ? slice.mtime() : mtime;
    }
    try {
      Attr attr = meta.writeSlices(ino, records, mtime);
      file.committed(attr, records);
    } catch (FsException e) {
      batch.forEach(slice -> slice.writer().abort());
      giveUp(sticking(e.errno()));
    } catch (EngineException e) {
      // Whether it was committed is unknown, so the blocks stay: gc finds them if it was not.
      log.error("inode {}: commit of {} slices failed", ino, batch.size(), e);
      giveUp(e.kind() == EngineException.Kind.FULL ? Errno.ENOSPC : Errno.EIO);
    } catch (RuntimeException e) {
      log.error("inode {}: commit of {} slices failed", ino, batch.size(), e);
      giveUp(Errno.EIO);
    }
  }

  private static Errno sticking(Errno errno) {
    return switch (errno) {
      case ENOENT, ENOSPC, EDQUOT, EROFS, EPERM -> errno;
      default -> Errno.EIO;
    };
  }

  /** The failure sticks; sealed slices end here, open ones when they are sealed. */
  private synchronized void giveUp(Errno errno) {
    if (failure == null) {
      failure = errno;
    }
  }

  /** The slices that may be named now, in order. After a failure: those to be given up. */
  @GuardedBy("this")
  private List<OpenSlice> nextBatch() {
    if (failure != null) {
      abortSealed();
      return List.of();
    }
    Batch batch = new Batch(file.committedLengthBytes());
    for (Deque<OpenSlice> slices : chunks.values()) {
      batch.take(slices);
    }
    return batch.slices;
  }

  /** Slices that are named together, chosen chunk after chunk. */
  private static final class Batch {
    private final List<OpenSlice> slices = new ArrayList<>();
    private final long committedLengthBytes;
    private long mayGrowBefore = Long.MAX_VALUE; // the first that waits and makes the file longer

    Batch(long committedLengthBytes) {
      this.committedLengthBytes = committedLengthBytes;
    }

    /** Takes what is ready of a chunk, up to the first slice that has to wait. */
    void take(Deque<OpenSlice> chunk) {
      boolean waits = false;
      for (OpenSlice slice : chunk) {
        boolean grows = slice.fileEnd() > committedLengthBytes;
        waits = waits || !mayTake(slice, grows);
        if (!waits) {
          slices.add(slice);
        } else if (grows) {
          mayGrowBefore = Math.min(mayGrowBefore, slice.number());
        }
      }
    }

    private boolean mayTake(OpenSlice slice, boolean grows) {
      return switch (slice.state()) {
        case UPLOADED ->
            slices.size() < MAX_BATCH
                && (!grows || slice.number() < mayGrowBefore)
                && !endsWithFailure();
        case FAILED -> slices.isEmpty(); // alone: it ends everything
        default -> false;
      };
    }

    private boolean endsWithFailure() {
      return !slices.isEmpty() && slices.get(slices.size() - 1).failure() != null;
    }
  }

  @GuardedBy("this")
  private void abortSealed() {
    for (Deque<OpenSlice> slices : chunks.values()) {
      for (OpenSlice slice : slices) {
        if (slice.state() != State.OPEN && slice.state() != State.DONE) {
          slice.writer().abort();
          slice.state(State.DONE);
        }
      }
    }
    removeDone();
    notifyAll();
  }

  @GuardedBy("this")
  private void removeDone() {
    int left = 0;
    for (Iterator<Deque<OpenSlice>> it = chunks.values().iterator(); it.hasNext(); ) {
      Deque<OpenSlice> slices = it.next();
      slices.removeIf(slice -> slice.state() == State.DONE);
      if (slices.isEmpty()) {
        it.remove();
      }
      left += slices.size();
    }
    pending = left;
  }
}
