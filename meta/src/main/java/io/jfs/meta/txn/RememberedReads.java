package io.jfs.meta.txn;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values that this client has seen, to run operations on without asking again. They may be out of
 * date; that is safe, because a commit names the versions it was built on and an engine refuses it
 * when one has changed. Bounded; thread safe.
 */
final class RememberedReads {
  private final int capacity;

  @GuardedBy("this")
  private final Map<Ref, Observed> memory;

  RememberedReads(int capacity) {
    this.capacity = capacity;
    this.memory =
        new LinkedHashMap<>(256, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Ref, Observed> eldest) {
            return size() > RememberedReads.this.capacity;
          }
        };
  }

  synchronized @Nullable Observed get(Ref ref) {
    return memory.get(ref);
  }

  synchronized void learn(Map<Ref, Observed> seen) {
    seen.forEach(
        (ref, observed) -> {
          if (isWorthRemembering(ref)) {
            memory.put(ref, observed);
          }
        });
  }

  synchronized void forget(Collection<Ref> refs) {
    memory.keySet().removeAll(refs);
  }

  private static boolean isWorthRemembering(Ref ref) {
    return ref instanceof Ref.OfCell
        || ref instanceof Ref.OfField
        || ref instanceof Ref.OfCounter
        || ref instanceof Ref.OfLog;
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
        Map<Ref, Observed> fetched = engine.fetch(missing);
        fetchCount++;
        if (engine.remembersReads()) {
          learn(fetched);
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
