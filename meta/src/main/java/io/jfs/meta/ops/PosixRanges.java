package io.jfs.meta.ops;

import io.jfs.meta.model.PosixLock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One owner's POSIX locks: sorted by start, disjoint, and neighbours of equal kind and process
 * joined. fcntl(2), metadata spec 1.6.
 */
final class PosixRanges {
  private PosixRanges() {}

  /** The first of {@code held} that {@code wanted} of another owner conflicts with. */
  static @Nullable PosixLock conflict(List<PosixLock> held, PosixLock wanted) {
    for (PosixLock lock : held) {
      boolean overlaps = lock.start() <= wanted.end() && wanted.start() <= lock.end();
      if (overlaps && (lock.exclusive() || wanted.exclusive())) {
        return lock;
      }
    }
    return null;
  }

  /** {@code held} with one more lock, which replaces what it overlaps. */
  static List<PosixLock> with(List<PosixLock> held, PosixLock added) {
    List<PosixLock> locks = without(held, added.start(), added.end());
    locks.add(added);
    locks.sort(Comparator.comparingLong(PosixLock::start));
    return joined(locks);
  }

  /** {@code held} without [{@code start}, {@code end}]; a lock around it is split in two. */
  static List<PosixLock> without(List<PosixLock> held, long start, long end) {
    List<PosixLock> locks = new ArrayList<>();
    for (PosixLock lock : held) {
      if (lock.end() < start || lock.start() > end) {
        locks.add(lock);
        continue;
      }
      if (lock.start() < start) {
        locks.add(new PosixLock(lock.exclusive(), lock.pid(), lock.start(), start - 1));
      }
      if (lock.end() > end) {
        locks.add(new PosixLock(lock.exclusive(), lock.pid(), end + 1, lock.end()));
      }
    }
    return locks;
  }

  private static List<PosixLock> joined(List<PosixLock> sorted) {
    List<PosixLock> result = new ArrayList<>();
    for (PosixLock lock : sorted) {
      PosixLock last = result.isEmpty() ? null : result.get(result.size() - 1);
      boolean joins =
          last != null
              && last.end() + 1 == lock.start()
              && last.exclusive() == lock.exclusive()
              && last.pid() == lock.pid();
      if (last != null && joins) {
        result.set(
            result.size() - 1,
            new PosixLock(last.exclusive(), last.pid(), last.start(), lock.end()));
      } else {
        result.add(lock);
      }
    }
    return result;
  }
}
