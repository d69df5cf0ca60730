package io.jfs.vfs.handle;

import io.jfs.meta.Meta;
import io.jfs.meta.Meta.HeldLock;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.vfs.handle.HandleLedger.Kept;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger of a mount that outlives its serving process, and the handles that earlier processes
 * have left in it. Those become handles of this process when the kernel first uses them. Without a
 * ledger nothing is kept. Thread safe.
 */
public final class KeptHandles {
  private static final Logger log = LoggerFactory.getLogger(KeptHandles.class);

  /** Of opendir(3). */
  static final int O_DIRECTORY = 0200000;

  /** No row: the handle dies with this process. */
  static final int NO_PLACE = -1;

  private static final int LOCKS = 64;

  private final Meta meta;
  private final InstantSource clock;
  private final @Nullable HandleLedger ledger;
  private final ConcurrentHashMap<Long, Kept> waiting = new ConcurrentHashMap<>();
  private final Object[] locks = new Object[LOCKS];

  /** Of {@code ledger}; null if nothing is to be kept. */
  public KeptHandles(Meta meta, InstantSource clock, @Nullable HandleLedger ledger) {
    this.meta = meta;
    this.clock = clock;
    this.ledger = ledger;
    for (int i = 0; i < LOCKS; i++) {
      locks[i] = new Object();
    }
    if (ledger != null) {
      take(ledger.kept());
    }
  }

  /**
   * What was written through one handle, programs may ask about through another: all that can write
   * learn that bytes may be lost.
   */
  private void take(List<Kept> handles) {
    Set<Ino> owing = new HashSet<>();
    handles.stream().filter(Kept::owes).forEach(kept -> owing.add(kept.ino()));
    for (Kept kept : handles) {
      boolean owes = FileHandle.writes(kept.flags()) && owing.contains(kept.ino());
      waiting.put(
          kept.number(),
          new Kept(
              kept.place(), kept.number(), kept.ino(), kept.flags(), owes, kept.openedMillis()));
    }
    if (!handles.isEmpty()) {
      log.info(
          "{} open files and directories go on, {} inodes may have lost what was not flushed",
          handles.size(),
          owing.size());
    }
  }

  /** The inodes of files, one for each handle, that a predecessor had open. */
  public static List<Ino> openFiles(HandleLedger ledger) {
    List<Ino> inodes = new ArrayList<>();
    for (Kept kept : ledger.kept()) {
      if ((kept.flags() & O_DIRECTORY) == 0) {
        inodes.add(kept.ino());
      }
    }
    return inodes;
  }

  /** Whether this mount outlives its process. */
  boolean isKeeping() {
    return ledger != null;
  }

  /** Enters a handle; answers its row. */
  int add(long number, Ino ino, int flags) {
    if (ledger == null) {
      return NO_PLACE;
    }
    try {
      return ledger.add(number, ino, flags, clock.millis());
    } catch (IOException e) {
      log.warn("a handle of inode {} will not outlive this process: {}", ino, e.toString());
      return NO_PLACE;
    }
  }

  /** A handle was closed. */
  void remove(int place) {
    if (ledger != null && place != NO_PLACE) {
      ledger.remove(place);
    }
  }

  /** See {@link HandleLedger#owe}. */
  void owe(int place, boolean owes) {
    if (ledger != null && place != NO_PLACE) {
      ledger.owe(place, owes);
    }
  }

  /** Makes a handle of what was kept. */
  interface Adoption {
    void adopt(Kept kept) throws FsException;
  }

  /** Has a number's handle made, once, if it waits for that. */
  void adopt(long number, Adoption adoption) throws FsException {
    if (!waiting.containsKey(number)) {
      return;
    }
    synchronized (locks[(int) (number >>> 1) & (LOCKS - 1)]) {
      Kept kept = waiting.get(number);
      if (kept != null) {
        adoption.adopt(kept);
        waiting.remove(number);
      }
    }
  }

  /** Gives up a handle that nobody has used since; null if it does not wait. */
  @Nullable Kept dropUnused(long number) {
    synchronized (locks[(int) (number >>> 1) & (LOCKS - 1)]) {
      Kept kept = waiting.remove(number);
      if (kept != null) {
        remove(kept.place());
      }
      return kept;
    }
  }

  /** Number of handles that nobody has used since. */
  int waiting() {
    return waiting.size();
  }

  /** Who has POSIX locks on an inode through this mount. */
  List<Long> posixLockOwners(Ino ino) throws FsException {
    long session = meta.sessionId();
    return meta.locks(ino).stream()
        .filter(lock -> lock.lock() != null && lock.owner().sid() == session)
        .map(KeptHandles::owner)
        .distinct()
        .toList();
  }

  private static long owner(HeldLock lock) {
    return lock.owner().owner();
  }
}
