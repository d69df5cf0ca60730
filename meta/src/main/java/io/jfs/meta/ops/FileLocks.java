package io.jfs.meta.ops;

import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.LockOwner;
import io.jfs.meta.model.PosixLock;
import io.jfs.meta.record.Records;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Advisory locks: flock(2) and the POSIX locks of fcntl(2). Metadata spec 6.15. Each call is one
 * try; waiting is the caller's.
 */
public final class FileLocks {
  private FileLocks() {}

  /**
   * Takes a BSD lock, or changes the one that the owner has.
   *
   * @throws FsException EAGAIN if another owner's lock conflicts
   */
  public static void flock(MetaTxn txn, Ino ino, LockOwner owner, boolean exclusive)
      throws FsException {
    requireFlock(txn.records().rows(Records.FLOCK, ino), owner, exclusive);
    txn.records().put(Records.FLOCK, ino, owner, exclusive);
    txn.logChange("FLOCK", null, ino, number(owner), exclusive ? "W" : "R");
  }

  private static String number(LockOwner owner) {
    return Long.toUnsignedString(owner.owner());
  }

  private static void requireFlock(Map<LockOwner, Boolean> rows, LockOwner owner, boolean exclusive)
      throws FsException {
    for (Map.Entry<LockOwner, Boolean> held : rows.entrySet()) {
      if (!held.getKey().equals(owner) && (exclusive || held.getValue())) {
        throw Errno.EAGAIN.exception();
      }
    }
  }

  /** Releases a BSD lock; none is fine. */
  public static void unflock(MetaTxn txn, Ino ino, LockOwner owner) {
    if (txn.records().rows(Records.FLOCK, ino).containsKey(owner)) {
      txn.records().remove(Records.FLOCK, ino, owner);
      txn.logChange("FLOCK", null, ino, number(owner), "U");
    }
  }

  /**
   * A lock of another owner that conflicts with {@code wanted}; null if none. Its pid is 0 unless
   * it belongs to the asking session.
   */
  public static @Nullable PosixLock conflict(
      MetaTxn txn, Ino ino, LockOwner owner, PosixLock wanted) {
    for (Map.Entry<LockOwner, List<PosixLock>> held :
        txn.records().rows(Records.PLOCK, ino).entrySet()) {
      PosixLock found =
          held.getKey().equals(owner) ? null : PosixRanges.conflict(held.getValue(), wanted);
      if (found != null) {
        boolean own = held.getKey().sid() == owner.sid();
        return new PosixLock(found.exclusive(), own ? found.pid() : 0, found.start(), found.end());
      }
    }
    return null;
  }

  /**
   * Takes a POSIX lock over whatever the owner held there.
   *
   * @throws FsException EAGAIN if another owner's lock conflicts
   */
  public static void lock(MetaTxn txn, Ino ino, LockOwner owner, PosixLock wanted)
      throws FsException {
    if (conflict(txn, ino, owner, wanted) != null) {
      throw Errno.EAGAIN.exception();
    }
    store(txn, ino, owner, PosixRanges.with(held(txn, ino, owner), wanted));
    String type = wanted.exclusive() ? "W" : "R";
    long pid = Integer.toUnsignedLong(wanted.pid());
    txn.logChange("SETLK", null, ino, number(owner), type, wanted.start(), wanted.end(), pid);
  }

  /** Releases [{@code start}, {@code end}] of the owner's POSIX locks; none is fine. */
  public static void unlock(MetaTxn txn, Ino ino, LockOwner owner, long start, long end) {
    List<PosixLock> held = held(txn, ino, owner);
    if (!held.isEmpty()) {
      store(txn, ino, owner, PosixRanges.without(held, start, end));
      txn.logChange("SETLK", null, ino, number(owner), "U", start, end, 0);
    }
  }

  private static List<PosixLock> held(MetaTxn txn, Ino ino, LockOwner owner) {
    return new ArrayList<>(txn.records().rows(Records.PLOCK, ino).getOrDefault(owner, List.of()));
  }

  private static void store(MetaTxn txn, Ino ino, LockOwner owner, List<PosixLock> locks) {
    if (locks.isEmpty()) {
      txn.records().remove(Records.PLOCK, ino, owner);
    } else {
      txn.records().put(Records.PLOCK, ino, owner, locks);
    }
  }
}
