package io.jfs.cache.page;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Lends pages of off-heap memory and keeps those given back for the next. What is lent never
 * exceeds the {@link MemoryBudget} except where it says so; what is lent and kept together does not
 * either, as far as kept pages can be freed. Thread safe.
 */
public final class PagePool {
  private final MemoryBudget budget;
  private final FreeList[] free = new FreeList[SizeClass.COUNT];
  private final AtomicLong outstanding = new AtomicLong();
  private final AtomicLong keptBytes = new AtomicLong();

  /** A pool that takes its memory from {@code budget}. */
  public PagePool(MemoryBudget budget) {
    this.budget = budget;
    for (int i = 0; i < free.length; i++) {
      free[i] = new FreeList();
    }
  }

  /** The budget behind this pool. */
  public MemoryBudget budget() {
    return budget;
  }

  /** A page of at least {@code bytes}; waits while the budget is used up. The caller owns it. */
  public Page take(int bytes) {
    int capacity = capacityFor(bytes);
    budget.acquire(capacity);
    return lend(capacity);
  }

  /** A page of at least {@code bytes}, or null when the budget is used up. */
  public @Nullable Page tryTake(int bytes) {
    int capacity = capacityFor(bytes);
    return budget.tryAcquire(capacity) ? lend(capacity) : null;
  }

  /**
   * A page of at least {@code bytes} at once, over the budget if need be. For short work whose end
   * gives other memory back, such as compressing a block that is on its way out.
   */
  public Page takeNow(int bytes) {
    int capacity = capacityFor(bytes);
    budget.acquireNow(capacity);
    return lend(capacity);
  }

  /** Number of pages lent and not yet given back. */
  public long outstanding() {
    return outstanding.get();
  }

  /** Bytes kept for reuse. */
  public long keptBytes() {
    return keptBytes.get();
  }

  /**
   * Frees the kept pages that nobody needed since the last call. To be called now and then, by the
   * owner's housekeeping.
   */
  public void trim() {
    for (FreeList list : free) {
      for (ByteBuffer memory : list.takeUnneeded()) {
        discard(memory);
      }
    }
  }

  /** The size in bytes that a page for {@code bytes} really has. */
  static int capacityFor(int bytes) {
    if (bytes <= 0) {
      throw new IllegalArgumentException("page of " + bytes + " bytes");
    }
    return bytes > SizeClass.MAX_BYTES ? bytes : SizeClass.bytes(SizeClass.of(bytes));
  }

  void giveBack(ByteBuffer memory) {
    int capacity = memory.capacity();
    keptBytes.addAndGet(capacity);
    if (capacity > SizeClass.MAX_BYTES) {
      discard(memory);
    } else {
      free[SizeClass.of(capacity)].add(memory);
    }
    outstanding.decrementAndGet();
    budget.release(capacity);
  }

  private Page lend(int capacity) {
    ByteBuffer memory = null;
    if (capacity <= SizeClass.MAX_BYTES) {
      memory = free[SizeClass.of(capacity)].poll();
    }
    if (memory != null) {
      keptBytes.addAndGet(-capacity);
    } else {
      makeRoom();
      memory = allocate(capacity);
    }
    outstanding.incrementAndGet();
    return new Page(this, memory);
  }

  /** Waits where the JVM allows less memory than the budget, unless nobody could give any back. */
  private ByteBuffer allocate(int capacity) {
    for (; ; ) {
      try {
        return DirectMemory.allocate(capacity);
      } catch (OutOfMemoryError e) {
        freeAllKept();
        if (outstanding.get() == 0) {
          budget.release(capacity);
          throw e;
        }
        budget.awaitAnyRelease();
      }
    }
  }

  /** Frees kept pages, big ones first, until lent and kept memory fit the budget together. */
  private void makeRoom() {
    for (int i = free.length - 1; i >= 0; i--) {
      while (budget.usedBytes() + keptBytes.get() > budget.limitBytes()) {
        ByteBuffer memory = free[i].poll();
        if (memory == null) {
          break;
        }
        discard(memory);
      }
    }
  }

  private void freeAllKept() {
    for (FreeList list : free) {
      for (ByteBuffer memory = list.poll(); memory != null; memory = list.poll()) {
        discard(memory);
      }
    }
  }

  private void discard(ByteBuffer memory) {
    keptBytes.addAndGet(-memory.capacity());
    DirectMemory.free(memory);
  }

  /** Kept pages of one size, last in first out so that warm memory is used first. */
  private static final class FreeList {
    @GuardedBy("this")
    private final ArrayDeque<ByteBuffer> pages = new ArrayDeque<>();

    @GuardedBy("this")
    private int fewest; // since the last trim: so many were never needed

    synchronized void add(ByteBuffer memory) {
      pages.push(memory);
    }

    synchronized @Nullable ByteBuffer poll() {
      ByteBuffer memory = pages.poll();
      fewest = Math.min(fewest, pages.size());
      return memory;
    }

    synchronized ByteBuffer[] takeUnneeded() {
      ByteBuffer[] unneeded = new ByteBuffer[fewest];
      for (int i = 0; i < unneeded.length; i++) {
        unneeded[i] = pages.removeLast();
      }
      fewest = pages.size();
      return unneeded;
    }
  }
}
