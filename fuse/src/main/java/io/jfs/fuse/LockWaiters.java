package io.jfs.fuse;

import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Locks that wait, each on a thread of its own: they may wait for ever, and what they wait for
 * comes through the readers. The threads start with the first lock that is not free and end soon
 * after the last.
 */
final class LockWaiters {
  private static final int AT_MOST = 1024;
  private static final long IDLE_SECONDS = 5;
  private static final long END_SECONDS = 10;
  private static final long STACK_BYTES = 256 << 10;

  private final AtomicInteger started = new AtomicInteger();
  private final ConcurrentHashMap<Long, Operation> waiting = new ConcurrentHashMap<>();
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          0, AT_MOST, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), this::newThread);

  private Thread newThread(Runnable work) {
    String name = "fuse-lock-" + started.incrementAndGet();
    Thread thread = new Thread(null, work, name, STACK_BYTES);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Serves a copy of an operation elsewhere.
   *
   * @throws FsException ENOLCK if too many locks wait already
   */
  void accept(Operation op, Consumer<Operation> serve) throws FsException {
    Operation copy = op.copied();
    waiting.put(copy.unique(), copy);
    try {
      threads.execute(() -> run(copy, serve));
    } catch (RejectedExecutionException e) {
      waiting.remove(copy.unique());
      throw Errno.ENOLCK.exception();
    }
  }

  private void run(Operation op, Consumer<Operation> serve) {
    try (Reply reply = new Reply()) {
      serve.accept(op.movedTo(reply));
    } finally {
      waiting.remove(op.unique());
    }
  }

  /** A waiting lock by its request's id; null if none. */
  @Nullable Operation find(long unique) {
    return waiting.get(unique);
  }

  /** Cancels whoever waits: EINTR. */
  void interrupt() {
    waiting.values().forEach(Operation::interrupt);
  }

  /** Cancels whoever waits, and waits a moment for them to be gone. */
  void end() throws InterruptedException {
    threads.shutdown();
    interrupt();
    boolean unused = threads.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
  }
}
