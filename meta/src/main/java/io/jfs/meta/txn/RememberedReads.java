package io.jfs.meta.txn;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Values that this client has seen, to run operations on without asking again. They may be out of
 * date; that is safe, because a commit names the versions it was built on and an engine refuses it
 * when one has changed. Bounded; thread safe.
 */
final class RememberedReads {
  private final int capacity;
  private final LongSupplier nanoClock;

  @GuardedBy("this")
  private final Map<Ref, Remembered> memory;

  /**
   * One remembered value.
   *
   * @param observed the value
   * @param learnedNanos when
   * @param written whether it is what this client itself wrote, rather than what it read
   */
  private record Remembered(Observed observed, long learnedNanos, boolean written) {}

  RememberedReads(int capacity, LongSupplier nanoClock) {
    this.capacity = capacity;
    this.nanoClock = nanoClock;
    this.memory =
        new LinkedHashMap<>(256, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Ref, Remembered> eldest) {
            return size() > RememberedReads.this.capacity;
          }
        };
  }

  synchronized @Nullable Observed get(Ref ref) {
    Remembered remembered = memory.get(ref);
    return remembered == null ? null : remembered.observed();
  }

  /**
   * What this client itself wrote at most {@code maxAgeNanos} ago, if it has not read anything else
   * there since.
   */
  synchronized @Nullable Observed recentlyWritten(Ref ref, long maxAgeNanos) {
    Remembered remembered = memory.get(ref);
    return remembered != null && remembered.written() ? recentlySeen(ref, maxAgeNanos) : null;
  }

  /** What this client read or wrote at most {@code maxAgeNanos} ago. */
  synchronized @Nullable Observed recentlySeen(Ref ref, long maxAgeNanos) {
    Remembered remembered = memory.get(ref);
    return remembered != null && nanoClock.getAsLong() - remembered.learnedNanos() <= maxAgeNanos
        ? remembered.observed()
        : null;
  }

  /** Takes in what a fetch that began at {@code startedNanos} has read. */
  synchronized void learnRead(Map<Ref, Observed> seen, long startedNanos) {
    long now = nanoClock.getAsLong();
    seen.forEach(
        (ref, observed) -> {
          Remembered older = memory.get(ref);
          // What was written here after the fetch began may be newer than what the fetch has seen.
          boolean overtaken =
              older != null && older.written() && older.learnedNanos() - startedNanos > 0;
          if (isWorthRemembering(ref) && !overtaken) {
            memory.put(ref, new Remembered(observed, now, false));
          }
        });
  }

  /** Takes in what changed places hold after a commit of this client. */
  synchronized void learnWritten(Map<Ref, Observed> written) {
    long now = nanoClock.getAsLong();
    written.forEach(
        (ref, observed) -> {
          if (isWorthRemembering(ref)) {
            memory.put(ref, new Remembered(observed, now, true));
          }
        });
  }

  synchronized void forget(Collection<Ref> refs) {
    memory.keySet().removeAll(refs);
  }

  /**
   * Never a log: a commit confirms that what was read is still its beginning, not that it is all,
   * so that an old reading would pass although the log has grown.
   */
  private static boolean isWorthRemembering(Ref ref) {
    return ref instanceof Ref.OfCell || ref instanceof Ref.OfField || ref instanceof Ref.OfCounter;
  }

  /** Reads that ask the engine for everything, and remember what it says. */
  Reads fresh(Engine engine, Map<Ref, Observed> alreadyFresh) {
    return new Session(engine, alreadyFresh, false);
  }

  /** Reads that ask the engine only for what is not remembered. */
  Reads remembered(Engine engine) {
    return new Session(engine, Map.of(), true);
  }

  private final class Session implements Reads {
    private final Engine engine;
    private final Map<Ref, Observed> given;
    private final boolean mayRemember;
    private int fetchCount;
    private boolean usedMemory;

    Session(Engine engine, Map<Ref, Observed> given, boolean mayRemember) {
      this.engine = engine;
      this.given = given;
      this.mayRemember = mayRemember;
      // Values that came with a conflict are from that moment: one more moment than the fetches to
      // come.
      this.fetchCount = given.isEmpty() ? 0 : 1;
    }

    @Override
    public Map<Ref, Observed> fetch(Collection<Ref> refs) {
      Map<Ref, Observed> answer = new HashMap<>();
      List<Ref> missing = new ArrayList<>();
      for (Ref ref : refs) {
        if (!answerFromMemory(ref, answer)) {
          missing.add(ref);
        }
      }
      if (!missing.isEmpty()) {
        long started = nanoClock.getAsLong();
        Map<Ref, Observed> fetched = engine.fetch(missing);
        fetchCount++;
        if (engine.remembersReads()) {
          learnRead(fetched, started);
        }
        answer.putAll(fetched);
      }
      return answer;
    }

    private boolean answerFromMemory(Ref ref, Map<Ref, Observed> answer) {
      if (ref instanceof Ref.OfAttrBehind chained) {
        return RefChains.answer(chained, this::recall, answer);
      }
      Observed observed = recall(ref);
      if (observed == null) {
        return false;
      }
      answer.put(ref, observed);
      return true;
    }

    private @Nullable Observed recall(Ref ref) {
      Observed observed = given.get(ref);
      if (observed == null && mayRemember) {
        observed = get(ref);
        usedMemory |= observed != null;
      }
      return observed;
    }

    @Override
    public int fetchCount() {
      return fetchCount;
    }

    @Override
    public boolean usedMemory() {
      return usedMemory;
    }
  }
}
