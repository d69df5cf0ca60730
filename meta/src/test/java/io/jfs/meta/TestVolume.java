package io.jfs.meta;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.admin.Finding;
import io.jfs.meta.admin.VolumeAdmin;
import io.jfs.meta.admin.VolumeCheck;
import io.jfs.meta.engine.kv.KvEngine;
import io.jfs.meta.engine.kv.MemoryKv;
import io.jfs.meta.model.Format;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.model.SliceId;
import io.jfs.meta.session.SessionFacts;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.Waiting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** A volume, and clients of it whose background work a test drives by hand. */
final class TestVolume implements AutoCloseable {
  final TestClock clock = new TestClock();
  final Set<SliceId> reaped = Collections.synchronizedSet(new LinkedHashSet<>());
  private final Supplier<Engine> engines;
  private final List<Client> clients = new ArrayList<>();

  /** One mounted client. */
  record Client(VolumeMeta meta, ManualJobs jobs) implements AutoCloseable {
    /** Everything pending, and one heartbeat. */
    void beat() {
      jobs.settle();
      jobs.run("heartbeat");
      jobs.settle();
    }

    @Override
    public void close() {
      jobs.settle();
      meta.close();
    }
  }

  private TestVolume(Supplier<Engine> engines, UnaryOperator<Format> settings)
      throws FormatException {
    this.engines = engines;
    try (Engine engine = engines.get()) {
      new VolumeAdmin(engine, clock, new Random(1))
          .create(settings.apply(VolumeAdmin.defaults("test")));
    }
  }

  /** A volume whose trash is off. */
  static TestVolume withoutTrash(Supplier<Engine> engines) throws FormatException {
    return with(engines, format -> format.set("TrashDays", 0L));
  }

  /** A volume with the default settings as {@code settings} changes them. */
  static TestVolume with(Supplier<Engine> engines, UnaryOperator<Format> settings)
      throws FormatException {
    return new TestVolume(engines, settings);
  }

  /** Engines of one new volume on the heap. */
  static Supplier<Engine> inMemory() {
    MemoryKv kv = new MemoryKv("memkv://test");
    return () -> new KvEngine(kv);
  }

  Engine engine() {
    return engines.get();
  }

  /** Changes the settings; clients follow with their next heartbeat. */
  void update(UnaryOperator<Format> change) throws FormatException {
    try (Engine engine = engines.get()) {
      new VolumeAdmin(engine).update(change, VolumeAdmin.Checks.STRICT);
    }
  }

  /** Slices that chunks and delayed compactions refer to. */
  Set<SliceId> references() {
    try (Engine engine = engines.get()) {
      return VolumeCheck.references(engine).keySet();
    }
  }

  Client mount() throws FormatException {
    return mount(MetaConfig.DEFAULT);
  }

  /** A client whose engine a test has in its hands. */
  Client mount(Engine engine) throws FormatException {
    return mount(engine, MetaConfig.DEFAULT);
  }

  Client mount(MetaConfig config) throws FormatException {
    return mount(engines.get(), config);
  }

  private Client mount(Engine engine, MetaConfig config) throws FormatException {
    ManualJobs jobs = new ManualJobs();
    SessionFacts facts =
        new SessionFacts("1.4.2+test", "host", List.of(), "/mnt", Instant.EPOCH, 1);
    MetaRuntime runtime =
        new MetaRuntime(clock, System::nanoTime, Waiting.SYSTEM, new Random(7), jobs);
    VolumeMeta meta = VolumeMeta.open(engine, config, facts, reaped::add, runtime);
    Client client = new Client(meta, jobs);
    clients.add(client);
    return client;
  }

  /**
   * Ends all clients; then nothing in the records may be wrong. Statistics may: a directory that is
   * recounted while another client has changes to tell counts them twice.
   */
  @Override
  public void close() {
    clients.forEach(Client::close);
    clients.forEach(client -> assertThat(client.jobs().isClosed()).isTrue());
    try (Engine engine = engines.get()) {
      if (new VolumeAdmin(engine).find() != null) {
        assertThat(VolumeCheck.run(engine))
            .filteredOn(finding -> finding.kind().severity() != Finding.Severity.HINT)
            .isEmpty();
      }
    }
  }
}
