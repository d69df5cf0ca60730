package io.jfs.meta;

import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.ops.AclRules;
import io.jfs.meta.ops.Client;
import io.jfs.meta.ops.MetaTxn;
import io.jfs.meta.record.Records.Sequence;
import io.jfs.meta.txn.Transactor;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Runs operations: gives each attempt the moment at which the operation began and what it must know
 * of this client, and hands over the effects of the attempt that was committed. Thread safe.
 */
public final class Operations {
  private final NamespaceParts parts;
  private final AclRules acls;
  private final Removals removals = new Removals();
  private final AtomicLong changes = new AtomicLong();

  Operations(NamespaceParts parts) {
    this.parts = parts;
    this.acls = new StoredAclRules(parts.transactor(), this);
  }

  /** An operation with an answer. */
  @FunctionalInterface
  public interface Body<R> {
    R run(MetaTxn txn) throws FsException;
  }

  /** An operation without an answer. */
  @FunctionalInterface
  public interface Action {
    void run(MetaTxn txn) throws FsException;
  }

  Removals removals() {
    return removals;
  }

  /** The client's clock. */
  public Timestamp now() {
    return Timestamp.of(parts.clock().instant());
  }

  /** Runs an operation that changes something; {@code hint} as for {@link Transactor#run}. */
  public <R> R change(Ino hint, Body<R> body) throws FsException {
    return changeDone(hint, body).answer();
  }

  /** As {@link #change}, with what the commit told. */
  <R> Transactor.Done<R> changeDone(Ino hint, Body<R> body) throws FsException {
    Operation<R> operation = new Operation<>(body);
    try {
      Transactor.Done<R> done = parts.transactor().run(hint, operation);
      parts.afterCommit().accept(operation.committed().effects());
      return done;
    } finally {
      removals.end(operation.removing);
    }
  }

  /** As {@link #change}. */
  public void run(Ino hint, Action action) throws FsException {
    change(
        hint,
        txn -> {
          action.run(txn);
          return hint;
        });
  }

  /**
   * Takes {@code count} consecutive new ids; see {@link io.jfs.meta.txn.Engine#allocate}.
   *
   * @return the first of them
   * @throws FsException ENOSPC, EROFS
   */
  public long allocate(Sequence sequence, int count) throws FsException {
    long first =
        parts.transactor().read(attempt -> parts.transactor().engine().allocate(sequence, count));
    if (parts.policy().get().changeLog()) {
      run(Ino.NONE, txn -> txn.logChange("INCR_COUNTER", null, sequence.counterName(), count));
    }
    return first;
  }

  /** Runs an operation that only reads; see {@link Transactor#read}. */
  public <R> R read(Body<R> body) throws FsException {
    Client client = client(new HashSet<>());
    return parts
        .transactor()
        .read(attempt -> body.run(new MetaTxn(attempt, now(), parts.policy().get(), client, null)));
  }

  private Client client(Set<Ino> removing) {
    return new Client(
        parts.sessionId().getAsLong(),
        ino -> {
          if (removing.add(ino)) {
            removals.begin(ino);
          }
          return parts.isOpen().test(ino);
        },
        parts.quota(),
        acls,
        changes::incrementAndGet);
  }

  /** The attempts at one operation. */
  private final class Operation<R> implements Transactor.Body<R> {
    private final Body<R> body;
    private final Timestamp now = now();
    private final Set<Ino> removing = new HashSet<>();
    private final Client client = client(removing);
    private @Nullable Tried<R> last;

    Operation(Body<R> body) {
      this.body = body;
    }

    @Override
    public R run(Transactor.Attempt attempt) throws FsException {
      Tried<R> earlier = last;
      Ino target = earlier == null ? null : earlier.txn().target();
      MetaTxn txn = new MetaTxn(attempt, now, parts.policy().get(), client, target);
      R answer = body.run(txn);
      if (txn.alreadyApplied() && earlier != null) {
        return earlier.answer();
      }
      last = new Tried<>(txn, answer);
      return answer;
    }

    /** The attempt whose writes were committed. */
    MetaTxn committed() {
      if (last == null) {
        throw new IllegalStateException("committed without an attempt");
      }
      return last.txn();
    }
  }

  /** An attempt that got as far as an answer. */
  private record Tried<R>(MetaTxn txn, R answer) {}
}
