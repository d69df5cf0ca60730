package io.jfs.cache.block;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Makes names in folders durable. Callers that arrive while a sync of the same folder is running
 * share the next one: what they renamed before is covered by a sync that starts after.
 */
public final class DirectorySync {
  private final ConcurrentHashMap<Path, Folder> folders = new ConcurrentHashMap<>();

  /** Nothing going on yet. */
  public DirectorySync() {}

  /** Returns once every rename into {@code directory} that came before the call is durable. */
  public void sync(Path directory) throws IOException {
    Folder folder =
        folders.compute(
            directory,
            (path, old) -> {
              Folder shared = old == null ? new Folder() : old;
              shared.users++;
              return shared;
            });
    try {
      folder.sync(directory);
    } finally {
      folders.computeIfPresent(directory, (path, old) -> --old.users == 0 ? null : old);
    }
  }

  /** Rounds of sync of one folder. A round serves all who asked before it began. */
  private static final class Folder {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition roundEnded = lock.newCondition();
    private int users; // changed inside compute only

    @GuardedBy("lock")
    private long begun;

    @GuardedBy("lock")
    private long ended;

    @GuardedBy("lock")
    private long lastFailed;

    @GuardedBy("lock")
    private @Nullable IOException failure; // of round lastFailed

    void sync(Path directory) throws IOException {
      if (joinRound(directory)) {
        return;
      }
      IOException trouble = force(directory);
      endRound(trouble);
      if (trouble != null) {
        throw trouble;
      }
    }

    /** Waits for a round that begins after now; false if the caller is to run it. */
    private boolean joinRound(Path directory) throws IOException {
      lock.lock();
      try {
        long mine = begun + 1;
        while (begun >= mine ? ended < mine : ended < begun) {
          roundEnded.awaitUninterruptibly();
        }
        if (begun < mine) {
          begun++;
          return false;
        }
        if (lastFailed >= mine) {
          throw new IOException("sync of " + directory + " failed", failure);
        }
        return true;
      } finally {
        lock.unlock();
      }
    }

    private void endRound(@Nullable IOException trouble) {
      lock.lock();
      try {
        ended++;
        if (trouble != null) {
          lastFailed = ended;
          failure = trouble;
        }
        roundEnded.signalAll();
      } finally {
        lock.unlock();
      }
    }

    private static @Nullable IOException force(Path directory) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
        return null;
      } catch (IOException e) {
        return e;
      }
    }
  }
}
