package io.jfs.cli;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.cli.log.LogOutput;
import io.jfs.meta.VolumeMeta;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.LoggerFactory;

/**
 * What SIGINT (Ctrl-C) and SIGTERM do to a command: one line, what must not stay behind is taken
 * away, and the process ends with the signal's exit code, 130 or 143. Nothing that the command was
 * doing is waited for: a command can be run again wherever it was killed.
 */
public final class Interruption {
  private static final long PATIENCE_MILLIS = TimeUnit.SECONDS.toMillis(5);
  private static final Interruption SHARED = new Interruption();

  @GuardedBy("this")
  private final Deque<Leftover> leftovers = new ArrayDeque<>();

  @GuardedBy("this")
  private boolean watching;

  @GuardedBy("this")
  private int opening;

  private Interruption() {}

  /** How something that must not stay behind is taken away. */
  @FunctionalInterface
  public interface Removal {
    /** Takes it away, whatever is going on in other threads. */
    void run() throws Exception;
  }

  /** Something that is taken away by a signal. */
  public static final class Leftover {
    private final Removal removal;

    private Leftover(Removal removal) {
      this.removal = removal;
    }

    /** It is gone, or may stay. */
    public void forget() {
      synchronized (SHARED) {
        SHARED.leftovers.remove(this);
      }
    }
  }

  /** Until the answer is told to forget it, a signal takes something away. */
  public static Leftover removes(Removal removal) {
    Leftover leftover = new Leftover(removal);
    synchronized (SHARED) {
      SHARED.leftovers.push(leftover);
    }
    return leftover;
  }

  /** A client is about to be opened: from now on a signal waits for {@link #endsSessionOf}. */
  public static void awaitsSession() {
    synchronized (SHARED) {
      SHARED.opening++;
    }
  }

  /**
   * Until the answer is told to forget it, a signal ends the session of a client, for all others to
   * see.
   */
  public static Leftover endsSessionOf(VolumeMeta client) {
    Leftover session =
        removes(
            () -> {
              if (client.sessionId() != 0) {
                client.sync();
                client.sessions().close(client.sessionId());
              }
            });
    synchronized (SHARED) {
      SHARED.opening = Math.max(0, SHARED.opening - 1);
      SHARED.notifyAll();
    }
    return session;
  }

  /** From now on a signal is told and cleaned up after. */
  static void watch() {
    synchronized (SHARED) {
      SHARED.watching = true;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(SHARED::interrupted, "jfs-interrupted"));
  }

  /** The command has ended by itself, or is one that a signal ends as it should. */
  static void unwatch() {
    synchronized (SHARED) {
      SHARED.watching = false;
    }
  }

  private void interrupted() {
    synchronized (this) {
      if (!watching) {
        return;
      }
    }
    LogOutput.shared().lastWords("interrupted");
    Thread cleaner = new Thread(this::removeAll, "jfs-leftovers");
    cleaner.setDaemon(true);
    cleaner.start();
    try {
      cleaner.join(PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void removeAll() {
    List<Leftover> present;
    synchronized (this) {
      while (opening > 0) {
        try {
          wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
      present = List.copyOf(leftovers);
    }
    present.forEach(Interruption::remove);
  }

  /** Tries again and again: other threads may still be at it. */
  private static void remove(Leftover leftover) {
    boolean done = false;
    while (!done) {
      done = isRemoved(leftover);
    }
  }

  private static boolean isRemoved(Leftover leftover) {
    try {
      leftover.removal.run();
      return true;
    } catch (Exception e) {
      LoggerFactory.getLogger(Interruption.class).debug("left behind: {}", e.toString());
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
      return false;
    }
  }
}
