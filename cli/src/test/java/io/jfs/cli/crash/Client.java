package io.jfs.cli.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.cache.block.BlockCache;
import io.jfs.cache.block.BlockNaming;
import io.jfs.cache.page.MemoryBudget;
import io.jfs.cache.page.PagePool;
import io.jfs.chunk.object.ObjectStore;
import io.jfs.chunk.slice.ChunkConfig;
import io.jfs.chunk.slice.DefaultSliceStore;
import io.jfs.chunk.slice.SliceMetrics;
import io.jfs.chunk.slice.WritebackConfig;
import io.jfs.meta.Meta;
import io.jfs.meta.MetaConfig;
import io.jfs.meta.MetaRuntime;
import io.jfs.meta.TreeWork;
import io.jfs.meta.VolumeMeta;
import io.jfs.meta.background.JobRunner;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.DirEntry;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.ops.Clone;
import io.jfs.meta.session.SessionFacts;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.Waiting;
import io.jfs.vfs.Created;
import io.jfs.vfs.ReadData;
import io.jfs.vfs.Request;
import io.jfs.vfs.Vfs;
import io.jfs.vfs.VfsConfig;
import io.jfs.vfs.stats.MetaStats;
import io.jfs.vfs.stats.MeteredMeta;
import io.jfs.vfs.virtual.AccessLog;
import io.jfs.vfs.virtual.VirtualFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** A mounted client without a kernel, by paths; its background work happens when it is told to. */
final class Client {
  static final int BLOCK = 1 << 16;
  private static final Request ROOT = Request.of(Caller.ROOT);
  private static final int O_RDWR = 2;

  private final PagePool pool = new PagePool(new MemoryBudget(64 << 20));
  private final DefaultSliceStore slices;
  private final VolumeMeta meta;
  private final Vfs vfs;
  private final Jobs jobs = new Jobs();
  private final Map<String, Open> open = new HashMap<>();

  Client(Engine engine, ObjectStore store, InstantSource clock) throws Exception {
    ChunkConfig chunks =
        new ChunkConfig(
            BLOCK,
            BlockNaming.PLAIN,
            "none",
            1,
            1,
            0,
            0,
            ChunkConfig.FullBlocks.WHEN_READ,
            WritebackConfig.OFF);
    slices = new DefaultSliceStore(store, BlockCache.NONE, pool, chunks, new SliceMetrics());
    try {
      meta =
          VolumeMeta.open(
              engine,
              MetaConfig.DEFAULT,
              SessionFacts.ofThisProcess("/mnt", Instant.EPOCH),
              slice -> slices.remove(slice.id(), slice.size()),
              new MetaRuntime(
                  clock, System::nanoTime, Waiting.SYSTEM, new SplittableRandom(1), jobs));
    } catch (Exception e) {
      slices.close();
      throw e;
    }
    Vfs.Parts parts =
        new Vfs.Parts(
            new MeteredMeta(meta, new MetaStats()),
            slices,
            clock,
            pool.budget()::isShort,
            new VirtualFiles.Owner(0, 0),
            new AccessLog(clock, ZoneOffset.UTC),
            () -> "{}",
            List.of(),
            Vfs.Continued.NOT);
    vfs = new Vfs(VfsConfig.defaults(BLOCK).withIoRetries(0), parts);
  }

  /** Tasks and jobs wait until the test runs them. */
  private static final class Jobs implements JobRunner {
    private final Map<String, Runnable> periodic = new HashMap<>();
    private final Queue<Runnable> tasks = new ArrayDeque<>();

    @Override
    public synchronized void every(String name, Duration period, Runnable job) {
      periodic.put(name, job);
    }

    @Override
    public synchronized boolean soon(Runnable task) {
      return tasks.add(task);
    }

    private synchronized Runnable poll() {
      return tasks.poll();
    }

    private void settle() {
      for (Runnable task = poll(); task != null; task = poll()) {
        task.run();
      }
    }

    @Override
    public void close() {}
  }

  /** Does what waits for its turn. */
  void settle() {
    jobs.settle();
  }

  /** Runs a periodic job now. */
  void job(String name) {
    assertThat(jobs.periodic).containsKey(name);
    jobs.periodic.get(name).run();
    jobs.settle();
  }

  private Entry entry(String path) throws Exception {
    Entry entry = new Entry(Ino.ROOT, meta.getAttr(Ino.ROOT));
    for (String name : path.substring(1).split("/")) {
      Entry next = meta.lookup(Caller.ROOT, entry.ino(), Name.of(name));
      if (next == null) {
        throw new NoSuchFileException(path);
      }
      entry = next;
    }
    return entry;
  }

  private Ino ino(String path) throws Exception {
    return entry(path).ino();
  }

  private Ino parent(String path) throws Exception {
    int slash = path.lastIndexOf('/');
    return slash == 0 ? Ino.ROOT : ino(path.substring(0, slash));
  }

  private static Name name(String path) {
    return Name.of(path.substring(path.lastIndexOf('/') + 1));
  }

  void mkdir(String path) throws Exception {
    vfs.mkdir(ROOT, parent(path), name(path), 0755, 0);
  }

  private record Open(Ino ino, long handle) {}

  /** A new file, held open by its path. */
  void create(String path) throws Exception {
    Created created = vfs.create(ROOT, parent(path), name(path), 0100644, 0, O_RDWR);
    open.put(path, new Open(created.entry().ino(), created.opened().handle()));
  }

  void open(String path) throws Exception {
    Ino ino = ino(path);
    open.put(path, new Open(ino, vfs.open(ROOT, ino, O_RDWR).handle()));
  }

  void write(String path, int offset, byte[] data) throws Exception {
    Open file = open.get(path);
    ByteBuffer direct = ByteBuffer.allocateDirect(data.length).put(data).flip();
    assertThat(vfs.write(ROOT, file.ino, file.handle, offset, direct, false))
        .isEqualTo(data.length);
  }

  void fsync(String path) throws Exception {
    vfs.fsync(ROOT, open.get(path).ino, open.get(path).handle, false);
  }

  void close(String path) throws Exception {
    Open file = open.remove(path);
    try {
      vfs.flush(ROOT, file.ino, file.handle, 1);
    } finally {
      vfs.release(ROOT, file.ino, file.handle, 0);
    }
  }

  void rename(String from, String to) throws Exception {
    vfs.rename(ROOT, parent(from), name(from), parent(to), name(to), 0);
  }

  void link(String path, String also) throws Exception {
    vfs.link(ROOT, ino(path), parent(also), name(also));
  }

  void unlink(String path) throws Exception {
    vfs.unlink(ROOT, parent(path), name(path));
  }

  void rmdir(String path) throws Exception {
    vfs.rmdir(ROOT, parent(path), name(path));
  }

  void removeTree(String path) throws Exception {
    long unused =
        meta.removeTree(Caller.ROOT, parent(path), name(path), Meta.Disposal.TRASH, TreeWork.QUIET);
  }

  void cloneTree(String from, String to) throws Exception {
    Clone.Style style = new Clone.Style(Clone.Ownership.CALLERS, 022);
    Object unused = meta.clone(Caller.ROOT, ino(from), parent(to), name(to), style, TreeWork.QUIET);
  }

  void truncate(String path, long length) throws Exception {
    Object unused = meta.truncate(Caller.ROOT, ino(path), length, false);
  }

  void punch(String path, long offset, long length) throws Exception {
    vfs.fallocate(ROOT, open.get(path).ino, open.get(path).handle, 3, offset, length);
  }

  /** Copies a whole file over another; both are open. */
  void copy(String from, String to, int length) throws Exception {
    Open in = open.get(from);
    Open out = open.get(to);
    assertThat(vfs.copyFileRange(ROOT, in.ino, in.handle, 0, out.ino, out.handle, 0, length, 0))
        .isEqualTo(length);
  }

  void compact(String path) throws Exception {
    assertThat(vfs.compactor().compact(ino(path), 0)).isTrue();
  }

  /** All paths, with the bytes of files. */
  Map<String, byte[]> everything() throws Exception {
    Map<String, byte[]> found = new TreeMap<>();
    list("", Ino.ROOT, found);
    return found;
  }

  private void list(String path, Ino directory, Map<String, byte[]> found) throws Exception {
    for (DirEntry entry : meta.readdir(Caller.ROOT, directory, null, 1000, false).rows()) {
      String name = entry.name().toString();
      Ino ino = entry.dentry().ino();
      if (name.equals(".") || name.equals("..") || ino.isTrash()) {
        continue;
      }
      if (meta.getAttr(ino).isDirectory()) {
        found.put(path + "/" + name, new byte[0]);
        list(path + "/" + name, ino, found);
      } else {
        found.put(path + "/" + name, read(ino));
      }
    }
  }

  private byte[] read(Ino ino) throws Exception {
    int length = (int) meta.getAttr(ino).lengthBytes();
    ByteBuffer bytes = ByteBuffer.allocate(length);
    long handle = vfs.open(ROOT, ino, 0).handle();
    while (bytes.hasRemaining()) {
      try (ReadData data = vfs.read(ROOT, ino, handle, bytes.position(), bytes.remaining())) {
        assertThat(data.lengthBytes()).isPositive();
        data.buffers().forEach(bytes::put);
      }
    }
    vfs.release(ROOT, ino, handle, 0);
    return bytes.array();
  }

  /** The end of a client whose process has stopped, or not: its threads and memory go. */
  void end() throws IOException {
    try {
      vfs.stop();
    } finally {
      meta.close();
      slices.close();
    }
    assertThat(pool.outstanding()).as("pages lent").isZero();
  }
}
