package io.jfs.cache.block;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.cache.block.BlockCache.Admission;
import io.jfs.cache.page.MemoryBudget;
import io.jfs.cache.page.Page;
import io.jfs.cache.page.PageSlice;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Blocks on their way to a disk: bounded in bytes, readable while they wait, written by one thread
 * of its own. When memory is short, blocks that need not be kept leave the queue.
 */
final class WriteQueue implements MemoryBudget.Reclaimer, AutoCloseable {
  /** Writes a block; failures are its own business. */
  @FunctionalInterface
  interface Sink {
    void write(BlockKey key, ByteBuffer data);
  }

  private record Waiting(BlockKey key, Page page, Admission admission) {}

  private final Sink sink;
  private final long maxBytes;
  private final Thread writer;

  @GuardedBy("this")
  private final ArrayDeque<Waiting> queue = new ArrayDeque<>();

  @GuardedBy("this")
  private final Map<BlockKey, Waiting> pending = new HashMap<>();

  @GuardedBy("this")
  private @Nullable BlockKey writing;

  @GuardedBy("this")
  private long bytes;

  @GuardedBy("this")
  private boolean closed;

  private volatile boolean isEmpty = true; // spares readers the lock

  WriteQueue(String name, long maxBytes, Sink sink) {
    this.sink = sink;
    this.maxBytes = maxBytes;
    this.writer = new Thread(this::writeAll, name);
    this.writer.setDaemon(true);
    this.writer.start();
  }

  /** Bytes of pages that wait. */
  synchronized long queuedBytes() {
    return bytes;
  }

  /** Takes a share of the page and true; or false if there is no place. */
  synchronized boolean offer(BlockKey key, Page page, Admission admission) {
    if (!awaitPlace(page.lengthBytes(), admission)) {
      return false;
    }
    if (!pending.containsKey(key)) {
      Waiting waiting = new Waiting(key, page.retain(), admission);
      pending.put(key, waiting);
      queue.add(waiting);
      bytes += page.lengthBytes();
      isEmpty = false;
      notifyAll();
    }
    return true;
  }

  @GuardedBy("this")
  private boolean awaitPlace(int more, Admission admission) {
    boolean interrupted = false;
    while (!closed && bytes > 0 && bytes + more > maxBytes && admission == Admission.FORCED) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
        break;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return !closed && (bytes == 0 || bytes + more <= maxBytes);
  }

  /** Part of a block that waits; null if it does not. */
  @Nullable PageSlice read(BlockKey key, int off, int len) {
    if (isEmpty) {
      return null;
    }
    synchronized (this) {
      Waiting found = pending.get(key);
      return found == null ? null : found.page.slice(off, len);
    }
  }

  boolean contains(BlockKey key) {
    if (isEmpty) {
      return false;
    }
    synchronized (this) {
      return pending.containsKey(key);
    }
  }

  /** Takes a block out, if it waits; waits for its end if it is being written. */
  void cancel(BlockKey key) {
    Waiting found = null;
    if (!isEmpty) {
      synchronized (this) {
        found = pending.get(key);
        if (found != null && queue.remove(found)) {
          drop(found);
        } else {
          awaitWritten(key);
          found = null; // its page belongs to the writer
        }
      }
    }
    if (found != null) {
      found.page.close();
    }
  }

  @GuardedBy("this")
  private void awaitWritten(BlockKey key) {
    boolean interrupted = false;
    // The writer itself may evict what it just wrote.
    while (key.equals(writing) && !Thread.currentThread().equals(writer)) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void reclaim(long wanted) {
    List<Waiting> dropped = new ArrayList<>();
    synchronized (this) {
      long freed = 0;
      for (Waiting waiting : queue) {
        if (freed < wanted && waiting.admission == Admission.OPTIONAL) {
          dropped.add(waiting);
          freed += waiting.page.lengthBytes();
        }
      }
      queue.removeAll(dropped);
      dropped.forEach(this::drop);
    }
    dropped.forEach(waiting -> waiting.page.close());
  }

  /** Whether the block left the queue by {@link #cancel} or {@link #reclaim}; for tests. */
  synchronized int size() {
    return pending.size();
  }

  /** Writes what waits, then ends. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    boolean interrupted = false;
    for (; ; ) {
      try {
        writer.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @GuardedBy("this")
  private void drop(Waiting waiting) {
    pending.remove(waiting.key, waiting);
    bytes -= waiting.page.lengthBytes();
    isEmpty = pending.isEmpty();
    notifyAll();
  }

  private void writeAll() {
    for (Waiting next = take(); next != null; next = take()) {
      try {
        sink.write(next.key, next.page.buffer(0, next.key.sizeBytes()));
      } finally {
        synchronized (this) {
          writing = null;
          drop(next);
        }
        next.page.close();
      }
    }
  }

  private synchronized @Nullable Waiting take() {
    while (queue.isEmpty() && !closed) {
      try {
        wait();
      } catch (InterruptedException e) {
        closed = true; // nobody interrupts this thread but a dying process
      }
    }
    Waiting next = queue.poll();
    writing = next == null ? null : next.key;
    return next;
  }
}
