package io.jfs.meta;

import io.jfs.meta.Meta.HeldLock;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.LockOwner;
import io.jfs.meta.model.PosixLock;
import io.jfs.meta.ops.FileLocks;
import io.jfs.meta.record.Records;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Advisory locks as this client takes them. A client without a session has nobody who would release
 * them if it died: it gets none, and is told so.
 */
final class LockTable {
  private final Operations operations;
  private final ClientSession session;

  LockTable(Operations operations, ClientSession session) {
    this.operations = operations;
    this.session = session;
  }

  private void requireSession() throws FsException {
    if (session.id() == 0) {
      throw Errno.ENOLCK.exception();
    }
  }

  void flock(Ino ino, LockOwner owner, boolean exclusive) throws FsException {
    requireSession();
    operations.run(ino, txn -> FileLocks.flock(txn, ino, owner, exclusive));
  }

  void unflock(Ino ino, LockOwner owner) throws FsException {
    if (session.id() != 0) {
      operations.run(ino, txn -> FileLocks.unflock(txn, ino, owner));
    }
  }

  @Nullable PosixLock findConflict(Ino ino, LockOwner owner, PosixLock wanted) throws FsException {
    return operations
        .read(txn -> Optional.ofNullable(FileLocks.conflict(txn, ino, owner, wanted)))
        .orElse(null);
  }

  void lock(Ino ino, LockOwner owner, PosixLock wanted) throws FsException {
    requireSession();
    operations.run(ino, txn -> FileLocks.lock(txn, ino, owner, wanted));
  }

  void unlock(Ino ino, LockOwner owner, long start, long end) throws FsException {
    if (session.id() != 0) {
      operations.run(ino, txn -> FileLocks.unlock(txn, ino, owner, start, end));
    }
  }

  /** As {@link Meta#locks}. */
  List<HeldLock> all(Ino ino) throws FsException {
    return operations.read(
        txn -> {
          List<HeldLock> held = new ArrayList<>();
          txn.records()
              .rows(Records.FLOCK, ino)
              .forEach((owner, exclusive) -> held.add(new HeldLock(ino, owner, null, exclusive)));
          txn.records()
              .rows(Records.PLOCK, ino)
              .forEach(
                  (owner, locks) ->
                      locks.forEach(
                          lock -> held.add(new HeldLock(ino, owner, lock, lock.exclusive()))));
          return held;
        });
  }
}
