package io.jfs.vfs.handle;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Numbers for open handles. Finding one takes no lock and makes no garbage. A number is used again
 * only long after it was given back. Numbers of writable files are even, all others odd (vfs-cli
 * spec 1.2).
 *
 * <p>The kernel keeps its numbers when another process goes on with the mount. So the high bits say
 * which of the serving processes gave a number out, and what is taken over from earlier ones stands
 * apart, under its old number.
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
  private static final int ERA_SHIFT = 40;
  private static final long SLOT_MASK = (1L << ERA_SHIFT) - 1;

  /** So many numbers rest before the first of them is used again. */
  private static final int RESTING = 512;

  private volatile AtomicReferenceArray<@Nullable Handle> slots =
      new AtomicReferenceArray<>(FIRST_CAPACITY);

  @GuardedBy("this")
  private final Deque<Integer> free = new ArrayDeque<>();

  @GuardedBy("this")
  private int next = 1;

  private final long era;
  private final ConcurrentHashMap<Long, Handle> adopted = new ConcurrentHashMap<>();

  /** For the first process that serves a mount. */
  public HandleTable() {
    this(0);
  }

  /** For the process number {@code era}, from 0, of those that serve a mount one after another. */
  public HandleTable(int era) {
    this.era = era;
  }

  /** Gives a number to a handle that is made with it. */
  public synchronized <H extends Handle> H add(Parity parity, LongFunction<H> make) {
    Integer reused = free.size() > RESTING ? free.poll() : null;
    int slot = reused != null ? reused : next++;
    if (slot >= slots.length()) {
      grow();
    }
    long number = era << ERA_SHIFT | 2L * slot + (parity == Parity.ODD ? 1 : 0);
    H handle = make.apply(number);
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

  /** Whether an earlier process gave a number out. */
  public boolean isOlder(long number) {
    return number >>> ERA_SHIFT < era;
  }

  /** Takes over a handle that an earlier process gave out; its number stays. */
  public void adopt(Handle handle) {
    adopted.put(handle.number(), handle);
  }

  /** The handle with a number; null if there is none. */
  public @Nullable Handle find(long number) {
    if (number >>> ERA_SHIFT != era) {
      return adopted.get(number);
    }
    AtomicReferenceArray<@Nullable Handle> now = slots;
    long slot = (number & SLOT_MASK) >>> 1;
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
    if (number >>> ERA_SHIFT != era) {
      return adopted.remove(number) != null;
    }
    if (find(number) == null) {
      return false;
    }
    int slot = (int) ((number & SLOT_MASK) >>> 1);
    slots.set(slot, null);
    free.add(slot);
    return true;
  }

  /** Number of open handles. */
  public synchronized int size() {
    return next - 1 - free.size() + adopted.size();
  }
}
