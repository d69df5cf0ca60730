package io.jfs.meta.txn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.record.Records;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TransactorTest {
  private static final Ino INO = new Ino(2);
  private static final Ref LINK = new Ref.OfCell<>(Records.SYMLINK, INO);
  private static final byte[] OLD = {1};
  private static final byte[] NEW = {2};

  private final ScriptedEngine engine = new ScriptedEngine();
  private final AtomicLong clock = new AtomicLong();
  private final TxnMetrics metrics = new TxnMetrics();
  private final Transactor transactor =
      new Transactor(
          engine, Duration.ofSeconds(60), new Random(1), clock::get, clock::addAndGet, metrics);

  private byte[] readThenWrite() throws FsException {
    return transactor
        .run(
            INO,
            attempt -> {
              byte[] seen = attempt.records().get(Records.SYMLINK, INO);
              attempt.records().put(Records.SYMLINK, INO, NEW);
              return seen == null ? new byte[0] : seen;
            })
        .answer();
  }

  @Test
  void runsAgainOnTheFreshValuesThatAConflictBrings() throws FsException {
    engine.values.put(LINK, OLD);
    engine.script.add(
        commit ->
            new CommitOutcome(
                CommitOutcome.Status.CONFLICT, Map.of(LINK, new Observed(NEW, NEW)), Map.of()));
    assertThat(readThenWrite()).isEqualTo(NEW);
    assertThat(engine.fetches).hasSize(1);
    assertThat(engine.commits).hasSize(2);
    assertThat(metrics.conflicts.sum()).isEqualTo(1);
  }

  @Test
  void commitsOnRememberedReadsWithoutAFetch() throws FsException {
    engine.remembers = true;
    engine.values.put(LINK, OLD);
    assertThat(transactor.<byte[]>read(attempt -> attempt.records().get(Records.SYMLINK, INO)))
        .isEqualTo(OLD);
    assertThat(readThenWrite()).isEqualTo(OLD);
    assertThat(engine.fetches).hasSize(1);
    assertThat(metrics.speculations.sum()).isEqualTo(1);
  }

  @Test
  void forgetsWhatItWroteUnlessTheEngineSaysWhatIsThereNow() throws FsException {
    engine.remembers = true;
    engine.values.put(LINK, OLD);
    assertThat(readThenWrite()).isEqualTo(OLD);
    engine.values.put(LINK, NEW);
    engine.script.add(
        commit ->
            new CommitOutcome(
                CommitOutcome.Status.COMMITTED, Map.of(LINK, new Observed(NEW, NEW)), Map.of()));
    assertThat(readThenWrite()).isEqualTo(NEW);
    assertThat(engine.fetches).hasSize(2);
    assertThat(readThenWrite()).isEqualTo(NEW);
    assertThat(engine.fetches).hasSize(2);
  }

  @Test
  void aRefusalBuiltOnMemoryIsConfirmedBeforeItIsAnswered() throws FsException {
    engine.remembers = true;
    assertThat(transactor.<Boolean>read(a -> a.records().get(Records.SYMLINK, INO) == null))
        .isTrue();
    engine.values.put(LINK, OLD);
    engine.script.add(commit -> CommitOutcome.CONFLICT);
    byte[] answer =
        transactor
            .run(
                INO,
                attempt -> {
                  byte[] seen = attempt.records().get(Records.SYMLINK, INO);
                  if (seen == null) {
                    throw Errno.ENOENT.exception();
                  }
                  return seen;
                })
            .answer();
    assertThat(answer).isEqualTo(OLD);
    assertThat(engine.commits.get(0).mutations()).isEmpty();
    assertThat(engine.commits.get(0).observations()).containsOnlyKeys(LINK);
  }

  @Test
  void anInvariantThatOnlyOldMemoryBreaksIsNotBroken() throws FsException {
    engine.remembers = true;
    assertThat(transactor.<Boolean>read(a -> a.records().get(Records.SYMLINK, INO) == null))
        .isTrue();
    engine.values.put(LINK, OLD);
    engine.script.add(commit -> CommitOutcome.CONFLICT);
    byte[] answer =
        transactor
            .run(
                INO,
                attempt ->
                    Objects.requireNonNull(attempt.records().get(Records.SYMLINK, INO), "broken"))
            .answer();
    assertThat(answer).isEqualTo(OLD);
  }

  @Test
  void aRefusalFromOneFetchNeedsNoConfirmation() {
    assertThatThrownBy(
            () ->
                transactor.run(
                    INO,
                    attempt -> {
                      attempt.records().get(Records.SYMLINK, INO);
                      throw Errno.ENOENT.exception();
                    }))
        .isSameAs(Errno.ENOENT.exception());
    assertThat(engine.commits).isEmpty();
  }

  @Test
  void saysThatALostCommitMayHaveBeenApplied() throws FsException {
    engine.script.add(commit -> CommitOutcome.UNKNOWN);
    AtomicInteger attempts = new AtomicInteger();
    boolean answer =
        transactor
            .run(
                INO,
                attempt -> {
                  attempts.incrementAndGet();
                  attempt.records().put(Records.SYMLINK, INO, NEW);
                  return attempt.maybeApplied();
                })
            .answer();
    assertThat(answer).isTrue();
    assertThat(attempts).hasValue(2);
    assertThat(metrics.unknownOutcomes.sum()).isEqualTo(1);
  }

  @Test
  void waitsForAnEngineThatIsAwayAndGoesOn() throws FsException {
    for (int i = 0; i < 20; i++) {
      engine.script.add(
          commit -> {
            throw new EngineException(EngineException.Kind.TRANSIENT, "gone", null);
          });
    }
    assertThat(readThenWrite()).isEmpty();
    assertThat(metrics.outages.sum()).isEqualTo(1);
    assertThat(clock.get()).isPositive();
  }

  @Test
  void givesUpWhenThePatienceEnds() {
    for (int i = 0; i < 10_000; i++) {
      engine.script.add(
          commit -> {
            throw new EngineException(EngineException.Kind.TRANSIENT, "gone", null);
          });
    }
    assertThatThrownBy(this::readThenWrite).isInstanceOf(EngineException.class);
    assertThat(Duration.ofNanos(clock.get()))
        .isGreaterThan(Duration.ofSeconds(60))
        .isLessThan(Duration.ofSeconds(62));
  }

  @Test
  void aFullEngineIsNoSpaceAndAReadOnlyOneIsReadOnly() {
    engine.script.add(
        commit -> {
          throw new EngineException(EngineException.Kind.FULL, "full", null);
        });
    assertThatThrownBy(this::readThenWrite).isSameAs(Errno.ENOSPC.exception());
    engine.script.add(
        commit -> {
          throw new EngineException(EngineException.Kind.READ_ONLY, "replica", null);
        });
    assertThatThrownBy(this::readThenWrite).isSameAs(Errno.EROFS.exception());
  }
}
