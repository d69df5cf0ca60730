package io.jfs.fuse;

import io.jfs.fuse.proto.Locks;
import io.jfs.fuse.proto.Locks.LkIn;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.vfs.FileRangeLock;
import io.jfs.vfs.VfsOps;
import java.io.IOException;

/** fcntl(2) and flock(2) locks. A lock that must wait does so on a thread of its own. */
final class LockHandlers {
  private final VfsOps ops;
  private final Handler waiters;

  /** {@code waiters} take over a lock that is not free, and run {@link #lockWaiting}. */
  LockHandlers(VfsOps ops, Handler waiters) {
    this.ops = ops;
    this.waiters = waiters;
  }

  void getLock(Operation op) throws FsException, IOException {
    LkIn in = LkIn.of(op.in());
    FileRangeLock lock = ops.getLock(op.request(), op.ino(), in.handle(), in.owner(), in.lock());
    Locks.putLkOut(op.out(), Reply.PAYLOAD, lock);
    op.answer(Locks.LK_OUT_BYTES, lock);
  }

  void setLock(Operation op) throws FsException, IOException {
    set(op, false);
  }

  /**
   * SETLKW on a reader thread: mostly the lock is free, and then there is no hop; else a waiter
   * takes over.
   */
  void setLockOrWait(Operation op) throws FsException, IOException {
    try {
      set(op, false);
    } catch (FsException e) {
      if (e.errno() != Errno.EAGAIN && e.errno() != Errno.EACCES) {
        throw e;
      }
      waiters.handle(op);
      op.leaveUnanswered();
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
