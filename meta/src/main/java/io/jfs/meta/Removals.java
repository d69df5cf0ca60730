package io.jfs.meta;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.meta.model.Ino;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Inodes whose last link is being removed by this client at this moment.
 *
 * <p>A removal announces the inode here and then asks whether it is open; an open counts itself and
 * then waits here. So either the removal sees the open and keeps the inode for it, or the open sees
 * the removal and finds the inode gone; never does an open succeed on an inode that then vanishes.
 */
final class Removals {
  @GuardedBy("this")
  private final Map<Ino, Integer> running = new HashMap<>();

  synchronized void begin(Ino ino) {
    running.merge(ino, 1, Integer::sum);
  }

  synchronized void end(Collection<Ino> inodes) {
    for (Ino ino : inodes) {
      running.computeIfPresent(ino, (key, count) -> count == 1 ? null : count - 1);
    }
    notifyAll();
  }

  /** Returns when no removal of {@code ino} runs. Does not give up when interrupted. */
  synchronized void await(Ino ino) {
    boolean interrupted = false;
    while (running.containsKey(ino)) {
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
}
