package io.jfs.vfs.handle;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Numbers for open handles. Finding one takes no lock and makes no garbage. A number is used again
 * only long after it was given back. Numbers of writable files are even, all others odd (vfs-cli
 * spec 1.2).
 */
public final class HandleTable {
  /** Something that is open under a number. */
  public interface Handle {
    /** The number. */
    long number();
  }

  /** What a number's lowest bit says. */
  public enum Parity {
    /** Writable files. */
    EVEN,
    /** Read-only files and directories. */
    ODD
  }

  private static final int FIRST_CAPACITY = 1024;

  /** So many numbers rest before the first of them is used again. */
  private static final int RESTING = 512;

  private volatile AtomicReferenceArray<@Nullable Handle> slots =
      new AtomicReferenceArray<>(FIRST_CAPACITY);

  @GuardedBy("this")
  private final Deque<Integer> free = new ArrayDeque<>();

  @GuardedBy("this")
  private int next = 1;

  /** Gives a number to a handle that is made with it. */
  public synchronized <H extends Handle> H add(Parity parity, LongFunction<H> make) {
    Integer reused = free.size() > RESTING ? free.poll() : null;
    int slot = reused != null ? reused : next++;
    if (slot >= slots.length()) {
      grow();
    }
    H handle = make.apply(2L * slot + (parity == Parity.ODD ? 1 : 0));
    slots.set(slot, handle);
    return handle;
  }

  @GuardedBy("this")
  private void grow() {
    AtomicReferenceArray<@Nullable Handle> bigger = new AtomicReferenceArray<>(2 * slots.length());
    for (int i = 0; i < slots.length(); i++) {
      bigger.set(i, slots.get(i));
    }
    slots = bigger;
  }

  /** The handle with a number; null if there is none. */
  public @Nullable Handle find(long number) {
    AtomicReferenceArray<@Nullable Handle> now = slots;
    long slot = number >>> 1;
    return slot < now.length() ? now.get((int) slot) : null;
  }

  /**
   * The handle with a number.
   *
   * @throws FsException EBADF if there is none of that kind
   */
  public <H extends Handle> H require(long number, Class<H> kind) throws FsException {
    Handle handle = find(number);
    if (!kind.isInstance(handle)) {
      throw Errno.EBADF.exception();
    }
    return kind.cast(handle);
  }

  /** Gives a number back; whether it was in use. */
  public synchronized boolean remove(long number) {
    if (find(number) == null) {
      return false;
    }
    slots.set((int) (number >>> 1), null);
    free.add((int) (number >>> 1));
    return true;
  }

  /** Number of open handles. */
  public synchronized int size() {
    return next - 1 - free.size();
  }
}
