package io.jfs.vfs;

import io.jfs.meta.Meta;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.LockOwner;
import io.jfs.meta.model.PosixLock;
import io.jfs.vfs.handle.OpenFile;
import io.jfs.vfs.handle.OpenFiles;
import io.jfs.vfs.stats.Waits;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * flock(2) and fcntl(2) locks. Metadata takes or refuses at once; waiting is trying again: with
 * growing pauses, because another client tells nobody, and at once when this client releases a
 * lock.
 */
final class LockOps {
  private static final Logger log = LoggerFactory.getLogger(LockOps.class);
  private static final long FIRST_PAUSE_MILLIS = 1;
  private static final long MAX_PAUSE_MILLIS = 200;

  private final Meta meta;
  private final OpenFiles files;
  private final ConcurrentHashMap<Ino, List<Cancellation>> waiting = new ConcurrentHashMap<>();

  LockOps(Meta meta, OpenFiles files) {
    this.meta = meta;
    this.files = files;
  }

  /** One try to take a lock: EAGAIN when another owner holds a conflicting one. */
  @FunctionalInterface
  private interface Attempt {
    void run() throws FsException;
  }

  FileRangeLock getLock(Ino ino, long owner, FileRangeLock wanted) throws FsException {
    PosixLock conflict = meta.findConflict(ino, owner(owner), toPosix(wanted));
    if (conflict == null) {
      return new FileRangeLock(FileRangeLock.Type.UNLOCK, 0, 0, 0);
    }
    FileRangeLock.Type type =
        conflict.exclusive() ? FileRangeLock.Type.WRITE : FileRangeLock.Type.READ;
    return new FileRangeLock(type, conflict.start(), conflict.end(), conflict.pid());
  }

  void setLock(Request request, Ino ino, long number, long owner, FileRangeLock lock, boolean wait)
      throws FsException {
    if (lock.type() == FileRangeLock.Type.UNLOCK) {
      meta.unlock(ino, owner(owner), lock.start(), lock.end());
      wake(ino);
      return;
    }
    OpenFile file = files.require(number).file();
    PosixLock wanted = toPosix(lock);
    file.addPosixLockOwner(owner, number); // before: a lock that was taken must not be forgotten
    take(request, ino, wait, () -> meta.lock(ino, owner(owner), wanted));
  }

  void flock(
      Request request, Ino ino, long number, long owner, FileRangeLock.Type type, boolean wait)
      throws FsException {
    LockOwner holder = owner(owner ^ number);
    if (type == FileRangeLock.Type.UNLOCK) {
      meta.unflock(ino, holder);
      wake(ino);
    } else {
      take(request, ino, wait, () -> meta.flock(ino, holder, type == FileRangeLock.Type.WRITE));
      wake(ino); // a lock that became weaker lets others in
    }
  }

  /** A descriptor was closed: the owner's POSIX locks go. Logs what fails. */
  void releaseAll(Ino ino, long owner) {
    try {
      meta.unlock(ino, owner(owner), 0, Long.MAX_VALUE);
    } catch (FsException | RuntimeException e) {
      log.warn("inode {}: releasing POSIX locks failed: {}", ino, e.toString());
    }
    wake(ino);
  }

  /** A handle was closed: its flock goes. Logs what fails. */
  void releaseFlock(Ino ino, long number, long owner) {
    try {
      meta.unflock(ino, owner(owner ^ number));
    } catch (FsException | RuntimeException e) {
      log.warn("inode {}: releasing a flock failed: {}", ino, e.toString());
    }
    wake(ino);
  }

  private void take(Request request, Ino ino, boolean wait, Attempt attempt) throws FsException {
    if (tryOnce(attempt)) {
      return;
    }
    if (!wait) {
      throw Errno.EAGAIN.exception();
    }
    Cancellation cancellation = request.cancellation();
    enter(ino, cancellation);
    try {
      long pause = FIRST_PAUSE_MILLIS;
      while (!tryOnce(attempt)) {
        pauseForLock(cancellation, pause);
        pause = Math.min(2 * pause, MAX_PAUSE_MILLIS);
      }
    } finally {
      leave(ino, cancellation);
    }
  }

  private static void pauseForLock(Cancellation cancellation, long millis) throws FsException {
    Waits waits = Waits.current();
    long start = waits.begin(Waits.Kind.LOCK);
    try {
      cancellation.pause(millis);
    } finally {
      waits.end(Waits.Kind.LOCK, start);
    }
  }

  private static boolean tryOnce(Attempt attempt) throws FsException {
    try {
      attempt.run();
      return true;
    } catch (FsException e) {
      if (e.errno() == Errno.EAGAIN) {
        return false;
      }
      throw e;
    }
  }

  private void enter(Ino ino, Cancellation cancellation) {
    waiting.compute(
        ino,
        (key, known) -> {
          List<Cancellation> waiters = known == null ? new CopyOnWriteArrayList<>() : known;
          waiters.add(cancellation);
          return waiters;
        });
  }

  private void leave(Ino ino, Cancellation cancellation) {
    waiting.computeIfPresent(
        ino,
        (key, waiters) -> {
          waiters.remove(cancellation);
          return waiters.isEmpty() ? null : waiters;
        });
  }

  private void wake(Ino ino) {
    @Nullable List<Cancellation> waiters = waiting.get(ino);
    if (waiters != null) {
      waiters.forEach(Cancellation::wake);
    }
  }

  private LockOwner owner(long owner) {
    return new LockOwner(meta.sessionId(), owner);
  }

  private static PosixLock toPosix(FileRangeLock lock) {
    return new PosixLock(
        lock.type() == FileRangeLock.Type.WRITE, lock.pid(), lock.start(), lock.end());
  }
}
