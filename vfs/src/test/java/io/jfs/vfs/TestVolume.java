package io.jfs.vfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.cache.block.BlockCache;
import io.jfs.cache.block.BlockNaming;
import io.jfs.cache.page.MemoryBudget;
import io.jfs.cache.page.PagePool;
import io.jfs.chunk.object.MemoryObjectStore;
import io.jfs.chunk.slice.ChunkConfig;
import io.jfs.chunk.slice.DefaultSliceStore;
import io.jfs.chunk.slice.SliceMetrics;
import io.jfs.meta.Meta;
import io.jfs.meta.MetaConfig;
import io.jfs.meta.VolumeMeta;
import io.jfs.meta.admin.VolumeAdmin;
import io.jfs.meta.engine.kv.KvEngine;
import io.jfs.meta.engine.kv.MemoryKv;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.session.SessionFacts;
import io.jfs.vfs.stats.MetaStats;
import io.jfs.vfs.stats.MeteredMeta;
import io.jfs.vfs.stats.OperationStats;
import io.jfs.vfs.virtual.AccessLog;
import io.jfs.vfs.virtual.OperationLog;
import io.jfs.vfs.virtual.VirtualFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** A volume in memory with one or more clients. Closing it checks that nothing was leaked. */
final class TestVolume implements AutoCloseable {
  static final int BLOCK = 1 << 16;
  static final Request ROOT = Request.of(Caller.ROOT);
  static final int O_RDONLY = 0;
  static final int O_WRONLY = 1;
  static final int O_RDWR = 2;
  static final int O_APPEND = 02000;
  static final int O_TRUNC = 01000;
  static final int O_EXCL = 0200;

  final FaultyObjects objects = new FaultyObjects(new MemoryObjectStore(Clock.systemUTC()));
  private final MemoryKv kv = new MemoryKv("memkv://vfs");
  private final List<Client> clients = new ArrayList<>();

  TestVolume() throws Exception {
    KvEngine engine = new KvEngine(kv);
    new VolumeAdmin(engine)
        .create(
            VolumeAdmin.defaults("test")
                .with("BlockSize", (long) BLOCK / 1024)
                .with("TrashDays", 0L));
    engine.close();
  }

  Client client() throws Exception {
    return client(64 << 20);
  }

  Client client(long memoryBytes) throws Exception {
    return client(memoryBytes, VfsConfig.defaults(BLOCK));
  }

  Client client(long memoryBytes, VfsConfig config) throws Exception {
    Client client = new Client(memoryBytes, config);
    clients.add(client);
    return client;
  }

  @Override
  public void close() throws IOException {
    for (Client client : clients) {
      client.close();
    }
  }

  /** One mounted client. */
  final class Client implements AutoCloseable {
    final PagePool pool;
    final DefaultSliceStore store;
    final VolumeMeta volume;
    final MetaProbe probe;
    final AccessLog accessLog = new AccessLog(Clock.systemUTC(), ZoneOffset.UTC);
    final OperationStats stats = new OperationStats();
    final Vfs vfs;
    final LoggedVfs logged;
    private boolean closed;

    Client(long memoryBytes, VfsConfig config) throws Exception {
      pool = new PagePool(new MemoryBudget(memoryBytes));
      ChunkConfig chunks =
          ChunkConfig.defaults().withVolume(BLOCK, BlockNaming.PLAIN, "none").withIoRetries(1);
      store = new DefaultSliceStore(objects, BlockCache.NONE, pool, chunks, new SliceMetrics());
      volume =
          VolumeMeta.open(
              new KvEngine(kv),
              MetaConfig.DEFAULT.withHeartbeat(Duration.ofSeconds(1)),
              SessionFacts.ofThisProcess("/mnt", Instant.now()),
              slice -> store.remove(slice.id(), slice.size()));
      probe = new MetaProbe(volume);
      Vfs.Parts parts =
          new Vfs.Parts(
              new MeteredMeta(probe.meta(), new MetaStats()),
              store,
              Clock.systemUTC(),
              pool.budget()::isShort,
              new VirtualFiles.Owner(1, 2),
              accessLog,
              () -> "{\n \"Pid\": 1\n}",
              List.of(stats),
              Vfs.Continued.NOT);
      vfs = new Vfs(config.withIoRetries(2), parts);
      logged = new LoggedVfs(vfs, new OperationLog(accessLog, stats));
    }

    Meta meta() {
      return probe.meta();
    }

    Created create(String name) throws FsException, IOException {
      return vfs.create(ROOT, Ino.ROOT, Name.of(name), 0100644, 022, O_RDWR);
    }

    long open(Ino ino, int flags) throws FsException, IOException {
      return vfs.open(ROOT, ino, flags).handle();
    }

    void write(Ino ino, long handle, long offset, byte[] data) throws FsException, IOException {
      ByteBuffer direct = ByteBuffer.allocateDirect(data.length).put(data).flip();
      assertThat(vfs.write(ROOT, ino, handle, offset, direct, false)).isEqualTo(data.length);
    }

    byte[] read(Ino ino, long handle, long offset, int size) throws FsException, IOException {
      try (ReadData data = vfs.read(ROOT, ino, handle, offset, size)) {
        byte[] bytes = new byte[data.lengthBytes()];
        int at = 0;
        for (ByteBuffer buffer : data.buffers()) {
          int length = buffer.remaining();
          buffer.get(bytes, at, length);
          at += length;
        }
        assertThat(at).isEqualTo(bytes.length);
        return bytes;
      }
    }

    void flush(Ino ino, long handle) throws FsException, IOException {
      vfs.flush(ROOT, ino, handle, 7);
    }

    void closeFile(Ino ino, long handle) throws FsException, IOException {
      try {
        vfs.flush(ROOT, ino, handle, 7);
      } finally {
        vfs.release(ROOT, ino, handle, 0);
      }
    }

    @Override
    public void close() throws IOException {
      if (closed) {
        return;
      }
      closed = true;
      logged.stop();
      assertThat(vfs.openHandles()).as("open handles").isZero();
      volume.close();
      store.close();
      assertThat(pool.outstanding()).as("pages lent").isZero();
    }
  }

  /** The errno that an action is refused with; null if it is not. */
  static Errno refusal(Action action) throws Exception {
    try {
      action.run();
      return null;
    } catch (FsException e) {
      return e.errno();
    }
  }

  interface Action {
    void run() throws Exception;
  }
}
