package io.jfs.cli.copies;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.cache.block.BlockCache;
import io.jfs.cache.block.BlockNaming;
import io.jfs.cache.page.MemoryBudget;
import io.jfs.cache.page.PagePool;
import io.jfs.chunk.block.SliceLayout;
import io.jfs.chunk.object.ForwardingObjectStore;
import io.jfs.chunk.object.MemoryObjectStore;
import io.jfs.chunk.object.ObjectInfo;
import io.jfs.chunk.object.ObjectStore;
import io.jfs.chunk.slice.ChunkConfig;
import io.jfs.chunk.slice.DefaultSliceStore;
import io.jfs.chunk.slice.SliceMetrics;
import io.jfs.cli.admin.GarbageCollection;
import io.jfs.cli.fsck.BlockCheck;
import io.jfs.cli.progress.Progress;
import io.jfs.meta.Meta;
import io.jfs.meta.MetaConfig;
import io.jfs.meta.MetaRuntime;
import io.jfs.meta.VolumeMeta;
import io.jfs.meta.admin.Finding;
import io.jfs.meta.admin.VolumeAdmin;
import io.jfs.meta.admin.VolumeCheck;
import io.jfs.meta.model.SliceId;
import io.jfs.meta.session.SessionFacts;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.Waiting;
import io.jfs.vfs.Vfs;
import io.jfs.vfs.VfsConfig;
import io.jfs.vfs.compact.Compactor;
import io.jfs.vfs.virtual.AccessLog;
import io.jfs.vfs.virtual.VirtualFiles;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A volume with several clients whose every call into the engine and the object store can be
 * interrupted by the work of others: that is how one thread makes them run at the same time, alike
 * each time. Closing it checks that nothing was leaked.
 */
final class SharedVolume implements AutoCloseable {
  static final int BLOCK = 1 << 16;
  private static final int SCAN_PAGE = 7;

  /** Work that others may do between two steps of somebody. */
  interface Interruption {
    /** Somebody is about to do {@code what}; {@code client} is -1 for the garbage collection. */
    void before(String what, int client);
  }

  private static final class StepClock extends Clock {
    private volatile Instant now = Instant.parse("2026-11-21T20:30:00.123456789Z");

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneOffset getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }

  private final Supplier<Engine> engines;
  private final Thread owner = Thread.currentThread();
  private final StepClock clock = new StepClock();
  private final MemoryObjectStore objects = new MemoryObjectStore(clock);
  private final List<Client> clients = new ArrayList<>();
  private final int trashDays;
  private Interruption interruption = (what, client) -> {};

  SharedVolume(Supplier<Engine> engines, int clientCount, int trashDays) throws Exception {
    this.engines = engines;
    this.trashDays = trashDays;
    try (Engine engine = engines.get()) {
      new VolumeAdmin(engine, clock, new Random(1))
          .create(
              VolumeAdmin.defaults("copies")
                  .set("BlockSize", (long) BLOCK / 1024)
                  .set("TrashDays", (long) trashDays));
    }
    for (int i = 0; i < clientCount; i++) {
      clients.add(new Client(i));
    }
  }

  List<Client> clients() {
    return clients;
  }

  void interruptWith(Interruption work) {
    this.interruption = work;
  }

  /** Time passes, and every client lives on. */
  void advance(Duration span) {
    clock.now = clock.now.plus(span);
    for (Client client : clients) {
      client.jobs.run("heartbeat");
    }
  }

  /** How long it takes until nothing that is deleted now is protected any more. */
  Duration longEnough() {
    return Duration.ofHours(26 + 24L * trashDays);
  }

  private void interrupt(String what, int client) {
    if (Thread.currentThread() == owner) {
      interruption.before(what, client);
    }
  }

  private interface Before {
    @Nullable Object call(Method method, Object[] args) throws Throwable;
  }

  private static <T> T proxy(Class<T> type, T target, Before before) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, args) -> {
              if (before.call(method, args) == Boolean.FALSE) {
                return null;
              }
              try {
                return method.invoke(target, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  /** An engine whose commits, and pages of scans, can be interrupted. */
  private Engine interruptible(Engine engine, int client) {
    return proxy(
        Engine.class,
        engine,
        (method, args) -> {
          String name = method.getName();
          if (name.equals("scan")) {
            args[2] = Math.min((int) args[2], SCAN_PAGE);
          }
          if (name.equals("commit") || name.equals("scan")) {
            interrupt(name, client);
          }
          return null;
        });
  }

  /** The objects, seen by a client: closing it leaves them alone. */
  private ObjectStore interruptibleObjects(int client) {
    return new ForwardingObjectStore(objects) {
      @Override
      public int get(String key, long off, ByteBuffer into) throws IOException {
        interrupt("get", client);
        return super.get(key, off, into);
      }

      @Override
      public List<ObjectInfo> list(String prefix, String after, int limit) throws IOException {
        interrupt("list", client);
        return super.list(prefix, after, Math.min(limit, SCAN_PAGE));
      }

      @Override
      public void close() {}
    };
  }

  /** One mounted client. */
  final class Client implements AutoCloseable {
    final StepJobs jobs = new StepJobs();
    final PagePool pool = new PagePool(new MemoryBudget(64 << 20));
    final DefaultSliceStore store;
    final VolumeMeta meta;
    final Compactor compactor;
    final Vfs vfs;
    private final int number;

    Client(int number) throws Exception {
      this.number = number;
      this.store =
          new DefaultSliceStore(
              interruptibleObjects(number),
              BlockCache.NONE,
              pool,
              ChunkConfig.defaults().withVolume(BLOCK, BlockNaming.PLAIN, "none").withIoRetries(1),
              new SliceMetrics());
      this.meta =
          VolumeMeta.open(
              interruptible(engines.get(), number),
              MetaConfig.DEFAULT,
              SessionFacts.ofThisProcess("/mnt" + number, clock.instant()),
              slice -> store.remove(slice.id(), slice.size()),
              new MetaRuntime(clock, System::nanoTime, Waiting.SYSTEM, new Random(number), jobs));
      Meta seen = proxy(Meta.class, meta, this::beforeMeta);
      Vfs.Parts parts =
          new Vfs.Parts(
              seen,
              store,
              clock,
              pool.budget()::isShort,
              new VirtualFiles.Owner(0, 0),
              new AccessLog(clock, ZoneOffset.UTC),
              () -> "{}",
              List.of(),
              Vfs.Continued.NOT);
      this.vfs = new Vfs(VfsConfig.defaults(BLOCK).withIoRetries(3), parts);
      this.compactor = vfs.compactor();
    }

    /** Compactions are the test's, not those that reads and writes ask for: they come any time. */
    private @Nullable Object beforeMeta(Method method, Object[] args) {
      boolean compacts = method.getName().equals("planCompaction");
      if (method.getName().equals("commitCompaction")) {
        interrupt("compact", number);
      }
      return compacts && Thread.currentThread() != owner ? Boolean.FALSE : null;
    }

    /** What runs in the background by and by. */
    void background() {
      jobs.settle();
    }

    /** What one client does for all once an hour. */
    void hourly() {
      jobs.run("deleted files", "slices", "trash");
      jobs.settle();
    }

    @Override
    public void close() throws IOException {
      vfs.stop();
      assertThat(vfs.openHandles()).as("open handles").isZero();
      meta.close();
      store.close();
      assertThat(pool.outstanding()).as("pages lent").isZero();
    }
  }

  /** A run of {@code jfs gc --delete}, which others may interrupt; whoever has dirty data loses. */
  void collectGarbage() throws Exception {
    Client client = clients.get(0);
    try (Engine engine = engines.get()) {
      GarbageCollection.Parts parts =
          new GarbageCollection.Parts(
              interruptible(engine, -1), client.meta, client.store, interruptibleObjects(-1));
      GarbageCollection collection = new GarbageCollection(parts, 2, Progress.silent());
      Instant before = clock.instant().minus(Duration.ofHours(1));
      collection.deleteWhatIsDue();
      assertThat(collection.deleteLeaked(before).failures()).isZero();
    }
  }

  /** Nothing is wrong in the records, and no needed block is missing: {@code jfs fsck}. */
  void check() throws Exception {
    clients.forEach(Client::background);
    try (Engine engine = engines.get()) {
      assertThat(VolumeCheck.run(engine))
          .filteredOn(finding -> finding.kind().severity() != Finding.Severity.HINT)
          .isEmpty();
      BlockCheck blocks = new BlockCheck(new VolumeAdmin(engine).load(), objects, clock.instant());
      assertThat(blocks.run(VolumeCheck.slices(engine, ino -> true), true)).isEmpty();
    }
  }

  /** After garbage collection there are exactly the blocks that somebody refers to. */
  void checkNothingLeft() throws Exception {
    try (Engine engine = engines.get()) {
      Set<String> needed = new TreeSet<>();
      for (SliceId slice : VolumeCheck.references(engine).keySet()) {
        new SliceLayout(slice.id(), slice.size(), BLOCK)
            .blocks()
            .forEach(block -> needed.add(BlockNaming.PLAIN.name(block)));
      }
      assertThat(objects.list("chunks/", "", Integer.MAX_VALUE).stream().map(ObjectInfo::key))
          .containsExactlyInAnyOrderElementsOf(needed);
    }
  }

  @Override
  public void close() throws IOException {
    for (Client client : clients) {
      client.close();
    }
  }
}
