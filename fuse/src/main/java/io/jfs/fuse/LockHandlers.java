package io.jfs.fuse;

import io.jfs.fuse.proto.Locks;
import io.jfs.fuse.proto.Locks.LkIn;
import io.jfs.meta.model.FsException;
import io.jfs.vfs.FileRangeLock;
import io.jfs.vfs.VfsOps;
import java.io.IOException;
import java.util.concurrent.Semaphore;

/**
 * fcntl(2) and flock(2) locks. A lock that may wait does so on the reader that has read it, since
 * mostly it is free and a hop would cost more; but only a few readers may be kept so, because what
 * the others wait for comes through the readers. The rest waits on threads of its own.
 */
final class LockHandlers {
  private static final int WAITING_READERS = 16;

  private final Semaphore waitingReaders = new Semaphore(WAITING_READERS);
  private final VfsOps ops;
  private final Handler waiters;

  /** {@code waiters} take over a lock that may wait, and run {@link #lockWaiting}. */
  LockHandlers(VfsOps ops, Handler waiters) {
    this.ops = ops;
    this.waiters = waiters;
  }

  void getLock(Operation op) throws FsException, IOException {
    LkIn in = LkIn.of(op.in());
    FileRangeLock lock = ops.getLock(op.request(), op.ino(), in.handle(), in.owner(), in.lock());
    Locks.putLkOut(op.out(), Reply.PAYLOAD, lock);
    op.answer(Locks.LK_OUT_BYTES);
  }

  void setLock(Operation op) throws FsException, IOException {
    set(op, false);
  }

  /** SETLKW on a reader's thread. */
  void setLockOrWait(Operation op) throws FsException, IOException {
    if (!waitingReaders.tryAcquire()) {
      waiters.handle(op);
      op.leaveUnanswered();
      return;
    }
    try {
      set(op, true);
    } finally {
      waitingReaders.release();
    }
  }

  /** SETLKW on a waiter's thread. */
  void lockWaiting(Operation op) throws FsException, IOException {
    set(op, true);
  }

  private void set(Operation op, boolean wait) throws FsException, IOException {
    LkIn in = LkIn.of(op.in());
    if (in.flock()) {
      ops.flock(op.request(), op.ino(), in.handle(), in.owner(), in.lock().type(), wait);
    } else {
      ops.setLock(op.request(), op.ino(), in.handle(), in.owner(), in.lock(), wait);
    }
  }
}
