package io.jfs.fuse.jnr;

import io.jfs.vfs.FileRangeLock;
import ru.serce.jnrfuse.struct.Flock;

/** struct flock, which counts a length where we count to the last byte. */
final class RecordLocks {
  private RecordLocks() {}

  static FileRangeLock of(Flock lock) {
    FileRangeLock.Type type =
        switch (lock.l_type.get()) {
          case Flock.F_RDLCK -> FileRangeLock.Type.READ;
          case Flock.F_UNLCK -> FileRangeLock.Type.UNLOCK;
          default -> FileRangeLock.Type.WRITE;
        };
    long start = lock.l_start.longValue();
    long length = lock.l_len.longValue();
    long end = length == 0 ? Long.MAX_VALUE : start + length - 1;
    return new FileRangeLock(type, start, end, lock.l_pid.intValue());
  }

  static void put(Flock to, FileRangeLock lock) {
    to.l_type.set(
        switch (lock.type()) {
          case READ -> Flock.F_RDLCK;
          case WRITE -> Flock.F_WRLCK;
          case UNLOCK -> Flock.F_UNLCK;
        });
    to.l_start.set(lock.start());
    to.l_len.set(lock.end() == Long.MAX_VALUE ? 0 : lock.end() - lock.start() + 1);
    to.l_pid.set(lock.pid());
  }
}
