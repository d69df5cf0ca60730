package io.jfs.meta;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.meta.model.AclRule;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.ops.AclRules;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Records.Sequence;
import io.jfs.meta.txn.Ref;
import io.jfs.meta.txn.Transactor;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The volume's ACL rules as this client has seen them so far. Rules never change, so that a rule
 * once seen is kept for good; a rule that another client stored at the same time may get a second
 * id, which does no harm. Metadata spec 6.14. Thread safe.
 */
final class StoredAclRules implements AclRules {
  private static final Ino STRIPE = Ino.NONE;

  private final Transactor transactor;
  private final Operations operations;

  @GuardedBy("this")
  private final Map<Integer, AclRule> rules = new HashMap<>();

  @GuardedBy("this")
  private final Map<AclRule, Integer> ids = new HashMap<>();

  /** Every id below was looked at. */
  @GuardedBy("this")
  private int seenBelow = 1;

  StoredAclRules(Transactor transactor, Operations operations) {
    this.operations = operations;
    this.transactor = transactor;
  }

  @Override
  public @Nullable AclRule known(int id) {
    synchronized (this) {
      AclRule rule = rules.get(id);
      if (rule != null) {
        return rule;
      }
    }
    try {
      Optional<AclRule> stored =
          transactor.read(attempt -> Optional.ofNullable(attempt.records().get(Records.ACL, id)));
      stored.ifPresent(rule -> learn(id, rule));
      return stored.orElse(null);
    } catch (FsException e) {
      return null;
    }
  }

  @Override
  public int idOf(AclRule rule) throws FsException {
    Integer id = knownId(rule);
    if (id == null) {
      refresh();
      id = knownId(rule);
    }
    return id == null ? store(rule) : id;
  }

  private synchronized @Nullable Integer knownId(AclRule rule) {
    return ids.get(rule);
  }

  private synchronized void learn(int id, AclRule rule) {
    rules.put(id, rule);
    ids.putIfAbsent(rule, id);
  }

  // No lock is held while the engine is asked: whoever calls may hold one of Transactor's.
  private void refresh() throws FsException {
    int end = transactor.<Long>read(a -> transactor.engine().peek(Sequence.ACL)).intValue();
    int from = firstUnseen();
    if (from < end) {
      saw(fetch(from, end), end);
    }
  }

  private synchronized int firstUnseen() {
    return seenBelow;
  }

  private synchronized void saw(Map<Integer, AclRule> found, int end) {
    found.forEach(this::learn);
    // An id without a rule may be one that another client is just about to store.
    while (seenBelow < end && rules.containsKey(seenBelow)) {
      seenBelow++;
    }
  }

  private Map<Integer, AclRule> fetch(int from, int end) throws FsException {
    return transactor.read(
        attempt -> {
          Stream<Ref> refs =
              IntStream.range(from, end).mapToObj(id -> new Ref.OfCell<>(Records.ACL, id));
          attempt.records().prefetch(refs.toArray(Ref[]::new));
          Map<Integer, AclRule> found = new HashMap<>();
          for (int id = from; id < end; id++) {
            AclRule rule = attempt.records().get(Records.ACL, id);
            if (rule != null) {
              found.put(id, rule);
            }
          }
          return found;
        });
  }

  private int store(AclRule rule) throws FsException {
    int id = Math.toIntExact(operations.allocate(Sequence.ACL, 1));
    transactor.run(
        STRIPE,
        attempt -> {
          attempt.records().put(Records.ACL, id, rule);
          return id;
        });
    learn(id, rule);
    return id;
  }
}
