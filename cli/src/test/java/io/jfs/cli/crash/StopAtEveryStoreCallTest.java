package io.jfs.cli.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.chunk.object.MemoryObjectStore;
import io.jfs.chunk.object.ObjectStore;
import io.jfs.cli.crash.PowerSwitch.Moment;
import io.jfs.cli.crash.Work.Grain;
import io.jfs.cli.crash.Work.Step;
import io.jfs.cli.fsck.BlockCheck;
import io.jfs.cli.fsck.BlockCheck.Lost;
import io.jfs.meta.admin.Finding;
import io.jfs.meta.admin.Finding.Severity;
import io.jfs.meta.admin.VolumeAdmin;
import io.jfs.meta.admin.VolumeCheck;
import io.jfs.meta.engine.kv.KvEngine;
import io.jfs.meta.engine.kv.MemoryKv;
import io.jfs.meta.txn.Engine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A client's process stops at the n-th call that changes the engine or the object store, for every
 * n of a scripted workload, right before the call and right after it. The next client finds every
 * name that was answered for and every byte that was made durable, fsck finds nothing, and when the
 * dead client's time is over nothing of it is left but objects that nobody names.
 */
@Timeout(240)
class StopAtEveryStoreCallTest {
  private static final Instant START = Instant.parse("2026-11-21T20:30:00Z");
  private static final List<Step> SCRIPT = Work.script();

  private final HandClock clock = new HandClock();
  private MemoryKv kv = new MemoryKv("memkv://crash");
  private ObjectStore store = new MemoryObjectStore(clock);

  /** Stands still unless it is moved. */
  private static final class HandClock extends Clock {
    private volatile Instant now = START;

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @ParameterizedTest
  @CsvSource({"BEFORE, 0", "AFTER, 0", "BEFORE, 1", "AFTER, 1"})
  void whatWasAcknowledgedIsThere(Moment moment, long trashDays) throws Exception {
    long calls = Long.MAX_VALUE;
    for (long n = 1; n <= calls; n++) {
      format(trashDays);
      PowerSwitch power = new PowerSwitch(n, moment);
      try {
        run(power);
      } catch (Throwable e) {
        throw new AssertionError("stopped " + moment + " call " + n, e);
      }
      if (!power.hasStopped()) {
        calls = power.calls();
      }
    }
    assertThat(calls).isGreaterThan(80);
  }

  private void format(long trashDays) throws Exception {
    clock.now = START;
    kv = new MemoryKv("memkv://crash");
    store = new MemoryObjectStore(clock);
    try (Engine engine = new KvEngine(kv)) {
      new VolumeAdmin(engine)
          .create(
              VolumeAdmin.defaults("crash")
                  .with("BlockSize", Client.BLOCK / 1024L)
                  .with("TrashDays", trashDays));
    }
  }

  private Client mount(PowerSwitch power) throws Exception {
    return new Client(power.engine(new KvEngine(kv)), power.store(store), clock);
  }

  /** Works until the power goes, and looks what is left. */
  private void run(PowerSwitch power) throws Exception {
    Expected before = new Expected();
    Expected after = before;
    Grain grain = Grain.ATOMIC;
    Client client = null;
    try {
      client = mount(power);
      for (Step step : SCRIPT) {
        after = before.copy();
        step.effect().on(after);
        grain = step.grain();
        step.doing().run(client);
        if (power.hasStopped()) {
          break; // in a call whose failure nobody need hear of
        }
        before = after;
      }
    } catch (Exception e) {
      if (!power.hasStopped()) {
        throw e;
      }
    }
    if (client != null) {
      client.end();
    }
    assertFsckIsClean();
    recover(before, after, grain);
    assertFsckIsClean();
    assertOnlyGarbageIsUnnamed();
  }

  private void recover(Expected before, Expected after, Grain grain) throws Exception {
    Client next = mount(PowerSwitch.alwaysOn());
    assertAsExpected(next.everything(), before, after, grain);
    clock.now = START.plus(Duration.ofHours(2));
    next.job("heartbeat"); // cleans up after the dead
    next.job("deleted files");
    next.job("slices");
    assertAsExpected(next.everything(), before, after, grain);
    next.end();
  }

  private static void assertAsExpected(
      Map<String, byte[]> found, Expected before, Expected after, Grain grain) {
    List<String> differences = after.differences(found);
    if (differences.isEmpty() || before.differences(found).isEmpty()) {
      return;
    }
    if (grain == Grain.PIECEMEAL) {
      differences.removeIf(difference -> difference.endsWith(" should not be there"));
      assertThat(before.differences(found)).allMatch(d -> d.endsWith(" is missing"));
    }
    assertThat(differences).as("what is there: %s", found.keySet()).isEmpty();
  }

  private void assertFsckIsClean() throws Exception {
    try (Engine engine = new KvEngine(kv)) {
      List<Finding> findings = VolumeCheck.run(engine);
      assertThat(findings).filteredOn(f -> f.kind().severity() != Severity.HINT).isEmpty();
      assertThat(check().run(VolumeCheck.slices(engine, ino -> true), true)).isEmpty();
    }
  }

  private BlockCheck check() throws Exception {
    try (Engine engine = new KvEngine(kv)) {
      return new BlockCheck(new VolumeAdmin(engine).load(), store, START.plus(Duration.ofDays(1)));
    }
  }

  /** What gc would delete can go. */
  private void assertOnlyGarbageIsUnnamed() throws Exception {
    try (Engine engine = new KvEngine(kv)) {
      VolumeCheck.SliceUse use = VolumeCheck.slices(engine, ino -> true);
      BlockCheck check = check();
      List<Lost> lost = check.run(use, true);
      assertThat(lost).isEmpty();
      for (String leaked : check.leaked()) {
        store.delete(leaked);
      }
      assertThat(check().run(use, true)).isEmpty();
      Client reader = mount(PowerSwitch.alwaysOn());
      assertThat(reader.everything()).isNotNull();
      reader.end();
    }
  }
}
