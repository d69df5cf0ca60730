package io.jfs.chunk.object.ceph;

import com.sun.jna.ptr.LongByReference;
import io.jfs.chunk.object.NoSuchObjectException;
import io.jfs.chunk.object.ObjectInfo;
import io.jfs.chunk.object.ObjectStore;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Objects in a pool of Ceph's RADOS, under their keys, as the reference client names them. One
 * write replaces an object whole and is durable on all replicas when it returns; so an object is no
 * larger than the cluster takes in one write (osd_max_write_size, 90 MiB unless changed), which is
 * more than any block has. RADOS lists names in no order and without sizes: listings are sorted
 * here ({@link OrderedNames}), and each object of a page is asked for its size.
 */
public final class CephObjectStore implements ObjectStore {
  private static final int ASKERS = 16;
  private static final int WINDOW_NAMES = 100_000;

  private final CephPool pool;
  private final PoolConnection connection;
  private final OrderedNames names;
  private final ThreadPoolExecutor askers =
      new ThreadPoolExecutor(
          ASKERS,
          ASKERS,
          10,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          task -> {
            Thread thread = new Thread(task, "jfs-ceph-stat");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * Connects to the cluster; the pool may be missing until {@link #create}.
   *
   * @param timeout of a request
   * @param environment looks up environment variables
   * @throws IOException if librados is missing, or the cluster refuses or does not answer
   */
  public CephObjectStore(
      CephPool pool, Duration timeout, Function<String, @Nullable String> environment)
      throws IOException {
    this.pool = pool;
    Librados rados = Librados.load(Librados.NAME);
    this.connection = PoolConnection.open(rados, pool, timeout, environment);
    this.names =
        new OrderedNames(
            visitor -> Names.each(connection, "list " + pool.url(), visitor),
            WINDOW_NAMES,
            System::nanoTime);
    askers.allowCoreThreadTimeOut(true);
  }

  @Override
  public String describe() {
    return pool.url();
  }

  @Override
  public void create() throws IOException {
    connection.createPool();
  }

  @Override
  public void put(String key, ByteBuffer data) throws IOException {
    ByteBuffer bytes = forLibrados(data);
    int length = bytes.remaining();
    int result = connection.call((r, io) -> r.rados_write_full(io, key, bytes, length));
    if (result < 0) {
      throw CephException.of("put " + key + " of " + length + " bytes", result);
    }
  }

  /** librados gets the address of a buffer's beginning, or of its array. */
  private static ByteBuffer forLibrados(ByteBuffer data) {
    if (data.isDirect() || data.hasArray()) {
      return data.slice();
    }
    return ByteBuffer.allocateDirect(data.remaining()).put(data.duplicate()).flip();
  }

  @Override
  public int get(String key, long off, ByteBuffer into) throws IOException {
    ByteBuffer place = into.slice();
    int length = place.remaining();
    int result = connection.call((r, io) -> r.rados_read(io, key, place, length, off));
    if (result == -CephException.ENOENT) {
      throw new NoSuchObjectException(key);
    }
    if (result < 0) {
      throw CephException.of("get " + key, result);
    }
    into.position(into.position() + result);
    return result;
  }

  @Override
  public @Nullable ObjectInfo head(String key) throws IOException {
    LongByReference size = new LongByReference();
    LongByReference seconds = new LongByReference();
    int result = connection.call((r, io) -> r.rados_stat(io, key, size, seconds));
    if (result == -CephException.ENOENT) {
      return null;
    }
    if (result < 0) {
      throw CephException.of("head " + key, result);
    }
    return new ObjectInfo(key, size.getValue(), Instant.ofEpochSecond(seconds.getValue()));
  }

  @Override
  public void delete(String key) throws IOException {
    int result = connection.call((r, io) -> r.rados_remove(io, key));
    if (result < 0 && result != -CephException.ENOENT) {
      throw CephException.of("delete " + key, result);
    }
  }

  @Override
  public List<ObjectInfo> list(String prefix, String after, int limit) throws IOException {
    List<ObjectInfo> found = new ArrayList<>();
    String last = after;
    while (found.size() < limit) {
      List<String> page = names.page(prefix, last, limit - found.size());
      if (page.isEmpty()) {
        break;
      }
      found.addAll(infos(page));
      last = page.get(page.size() - 1);
    }
    return found;
  }

  /** Those that are still there. */
  private List<ObjectInfo> infos(List<String> page) throws IOException {
    List<Callable<@Nullable ObjectInfo>> questions = new ArrayList<>();
    page.forEach(key -> questions.add(() -> head(key)));
    List<ObjectInfo> infos = new ArrayList<>();
    try {
      for (Future<@Nullable ObjectInfo> answer : askers.invokeAll(questions)) {
        ObjectInfo info = answer.get();
        if (info != null) {
          infos.add(info);
        }
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("list " + pool.url());
    }
    return infos;
  }

  @Override
  public void close() {
    askers.shutdownNow();
    connection.close();
  }
}
