package io.jfs.meta.ops;

import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.txn.CommitOutcome;
import io.jfs.meta.txn.Transactor;
import java.time.Clock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Runs operations of this client: each with one moment and one policy for all its attempts, and its
 * effects carried out once, after the commit.
 */
public final class OpRunner {
  private final Transactor transactor;
  private final Clock clock;
  private final Supplier<Policy> policy;
  private final Consumer<Effects> effects;

  /**
   * A runner.
   *
   * @param policy asked once per operation
   * @param effects told what each committed operation leads to
   */
  public OpRunner(
      Transactor transactor, Clock clock, Supplier<Policy> policy, Consumer<Effects> effects) {
    this.transactor = transactor;
    this.clock = clock;
    this.policy = policy;
    this.effects = effects;
  }

  /** An operation; runs once per attempt. */
  @FunctionalInterface
  public interface Op<R> {
    R run(MetaTxn txn) throws FsException;
  }

  /** An operation without an answer. */
  @FunctionalInterface
  public interface VoidOp {
    void run(MetaTxn txn) throws FsException;
  }

  /** What an operation answered, and what its commit told. */
  public record Done<R>(R answer, CommitOutcome outcome) {}

  private record Attempted<R>(R answer, Effects effects) {}

  /** Runs a changing operation until it is committed or refused; see {@link Transactor#run}. */
  public <R> R run(Ino hint, Op<R> op) throws FsException {
    return runDone(hint, op).answer();
  }

  /** As {@link #run}, for an operation without an answer. */
  public void runVoid(Ino hint, VoidOp op) throws FsException {
    run(
        hint,
        txn -> {
          op.run(txn);
          return Boolean.TRUE;
        });
  }

  /** As {@link #run}, with what the commit told. */
  public <R> Done<R> runDone(Ino hint, Op<R> op) throws FsException {
    Timestamp now = now();
    Policy current = policy.get();
    Transactor.Done<Attempted<R>> done =
        transactor.run(
            hint,
            attempt -> {
              MetaTxn txn = new MetaTxn(attempt, now, current);
              return new Attempted<>(op.run(txn), txn.effects());
            });
    effects.accept(done.answer().effects());
    return new Done<>(done.answer().answer(), done.outcome());
  }

  /** Runs an operation that only reads; see {@link Transactor#read}. */
  public <R> R read(Op<R> op) throws FsException {
    Timestamp now = now();
    Policy current = policy.get();
    return transactor.read(attempt -> op.run(new MetaTxn(attempt, now, current)));
  }

  /** The client's clock. */
  public Timestamp now() {
    return Timestamp.of(clock.instant());
  }
}
