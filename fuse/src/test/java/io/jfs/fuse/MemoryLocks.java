package io.jfs.fuse;

import io.jfs.vfs.FileRangeLock;
import io.jfs.vfs.FileRangeLock.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The flock and the record locks of one inode. */
final class MemoryLocks {
  private record Held(long owner, FileRangeLock lock) {}

  private final Map<Long, Type> flocks = new HashMap<>();
  private List<Held> records = new ArrayList<>();

  synchronized boolean tryFlock(long owner, Type type) {
    if (type == Type.UNLOCK) {
      flocks.remove(owner);
      return true;
    }
    for (Map.Entry<Long, Type> held : flocks.entrySet()) {
      if (held.getKey() != owner && (held.getValue() == Type.WRITE || type == Type.WRITE)) {
        return false;
      }
    }
    flocks.put(owner, type);
    return true;
  }

  synchronized void releaseFlock(long owner) {
    flocks.remove(owner);
  }

  synchronized void releaseRecords(long owner) {
    records.removeIf(held -> held.owner == owner);
  }

  synchronized FileRangeLock conflict(long owner, FileRangeLock wanted) {
    for (Held held : records) {
      FileRangeLock lock = held.lock;
      boolean overlaps = lock.start() <= wanted.end() && wanted.start() <= lock.end();
      boolean exclusive = lock.type() == Type.WRITE || wanted.type() == Type.WRITE;
      if (held.owner != owner && overlaps && exclusive) {
        return lock;
      }
    }
    return new FileRangeLock(Type.UNLOCK, wanted.start(), wanted.end(), 0);
  }

  synchronized boolean trySet(long owner, FileRangeLock wanted) {
    if (wanted.type() != Type.UNLOCK && conflict(owner, wanted).type() != Type.UNLOCK) {
      return false;
    }
    List<Held> kept = new ArrayList<>();
    for (Held held : records) {
      if (held.owner != owner) {
        kept.add(held);
      } else {
        keepOutside(kept, held, wanted);
      }
    }
    if (wanted.type() != Type.UNLOCK) {
      kept.add(new Held(owner, wanted));
    }
    records = kept;
    return true;
  }

  private static void keepOutside(List<Held> kept, Held held, FileRangeLock cut) {
    FileRangeLock lock = held.lock;
    if (lock.start() < cut.start()) {
      long end = Math.min(lock.end(), cut.start() - 1);
      kept.add(new Held(held.owner, new FileRangeLock(lock.type(), lock.start(), end, lock.pid())));
    }
    if (lock.end() > cut.end()) {
      long start = Math.max(lock.start(), cut.end() + 1);
      kept.add(new Held(held.owner, new FileRangeLock(lock.type(), start, lock.end(), lock.pid())));
    }
  }
}
