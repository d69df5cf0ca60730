package io.jfs.meta;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Work on a tree by several threads: each piece of work may add more, the latest is done first (so
 * little is waiting, however large the tree), and the first failure ends it all.
 *
 * @param <T> a piece of work
 * @param <E> what it may fail with besides a refusal; RuntimeException for nothing
 */
public final class TreeCrew<T, E extends Exception> {
  private final Step<T, E> step;

  @GuardedBy("this")
  private final Deque<T> waiting = new ArrayDeque<>();

  @GuardedBy("this")
  private int unfinished;

  @GuardedBy("this")
  private @Nullable Throwable failure;

  private TreeCrew(Step<T, E> step) {
    this.step = step;
  }

  /** Does one piece of work. */
  @FunctionalInterface
  public interface Step<T, E extends Exception> {
    /**
     * Does it.
     *
     * @param also takes further pieces that are to be done
     */
    void take(T item, Consumer<T> also) throws FsException, E;
  }

  /**
   * Does {@code first} and everything that follows from it, in the calling thread and {@code
   * threads} - 1 more, which have ended when this returns.
   *
   * @throws FsException the first refusal; EINTR if the calling thread was interrupted
   * @throws E the first failure
   */
  public static <T, E extends Exception> void run(int threads, T first, Step<T, E> step)
      throws FsException, E {
    TreeCrew<T, E> crew = new TreeCrew<>(step);
    crew.add(first);
    List<Thread> helpers = new ArrayList<>();
    for (int i = 1; i < threads; i++) {
      Thread helper = new Thread(crew::work, "jfs-tree-" + i);
      helper.setDaemon(true);
      helper.start();
      helpers.add(helper);
    }
    crew.work();
    crew.end(helpers);
  }

  private synchronized void add(T item) {
    unfinished++;
    waiting.push(item);
    notifyAll();
  }

  private void work() {
    for (T item = next(); item != null; item = next()) {
      try {
        step.take(item, this::add);
        finished(null);
      } catch (Throwable e) { // Also what is no Exception must reach the caller.
        finished(e);
      }
    }
  }

  private synchronized @Nullable T next() {
    try {
      while (waiting.isEmpty() && unfinished > 0 && failure == null) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      finished(Errno.EINTR.exception());
    }
    return failure == null ? waiting.poll() : null;
  }

  private synchronized void finished(@Nullable Throwable trouble) {
    unfinished--;
    if (failure == null) {
      failure = trouble;
    }
    notifyAll();
  }

  private void end(List<Thread> helpers) throws FsException, E {
    for (Thread helper : helpers) {
      joinUninterruptibly(helper);
    }
    synchronized (this) {
      rethrow(failure);
    }
  }

  private static void joinUninterruptibly(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static <E extends Exception> void rethrow(@Nullable Throwable failure)
      throws FsException, E {
    if (failure instanceof FsException refusal) {
      throw refusal;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (failure != null) {
      @SuppressWarnings("unchecked") // steps can throw nothing else
      E checked = (E) failure;
      throw checked;
    }
  }
}
