package io.jfs.chunk.object.ceph;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a cluster and a handle of one pool. librados' memory belongs to it: closing waits
 * for requests under way, and later ones fail, so that none touches what was freed.
 */
final class PoolConnection implements AutoCloseable {
  private static final int VALUE_BYTES = 256;

  private final Librados rados;
  private final CephPool pool;
  private final ReadWriteLock lifetime = new ReentrantReadWriteLock();
  private final Object opening = new Object();

  private final Pointer cluster;

  @GuardedBy("lifetime")
  private boolean closed;

  private volatile @Nullable Pointer io;

  /** A request to the cluster or the pool; answers as librados does. */
  @FunctionalInterface
  interface Request {
    int send(Librados rados, Pointer handle);
  }

  /**
   * Connects.
   *
   * @param timeout of everything that is asked of the cluster, unless its configuration file says
   *     otherwise; librados itself would wait for ever
   * @param environment CEPH_LOG_FILE and CEPH_ADMIN_SOCKET, where librados should have them
   * @throws IOException if there is no configuration, the user is unknown, or nobody answers
   */
  static PoolConnection open(
      Librados rados,
      CephPool pool,
      Duration timeout,
      Function<String, @Nullable String> environment)
      throws IOException {
    PointerByReference made = new PointerByReference();
    int result = rados.rados_create2(made, pool.cluster(), pool.user(), 0);
    if (result < 0) {
      throw CephException.of("user " + pool.user() + " of cluster " + pool.cluster(), result);
    }
    PoolConnection connection = new PoolConnection(rados, pool, made.getValue());
    try {
      connection.connect(timeout, environment);
    } catch (IOException | RuntimeException e) {
      connection.close();
      throw e;
    }
    return connection;
  }

  private PoolConnection(Librados rados, CephPool pool, Pointer cluster) {
    this.rados = rados;
    this.pool = pool;
    this.cluster = cluster;
  }

  private void connect(Duration timeout, Function<String, @Nullable String> environment)
      throws IOException {
    require(
        "configuration of cluster "
            + pool.cluster()
            + " (CEPH_CONF or /etc/ceph/"
            + pool.cluster()
            + ".conf)",
        onCluster((r, handle) -> r.rados_conf_read_file(handle, null)));
    set("log_to_stderr", "false");
    set("err_to_stderr", "false");
    setFrom(environment.apply("CEPH_LOG_FILE"), "log_file");
    setFrom(environment.apply("CEPH_ADMIN_SOCKET"), "admin_socket");
    String seconds = Long.toString(Math.max(1, timeout.toSeconds()));
    setUnlessChosen("rados_osd_op_timeout", 0, seconds);
    setUnlessChosen("rados_mon_op_timeout", 0, seconds);
    setUnlessChosen("client_mount_timeout", 300, seconds);
    require(
        "cluster " + pool.cluster() + " as " + pool.user(),
        onCluster((r, handle) -> r.rados_connect(handle)));
  }

  private void setFrom(@Nullable String value, String option) throws IOException {
    if (value != null && !value.isEmpty() && !value.equals("none")) {
      set(option, value);
    }
  }

  private void setUnlessChosen(String option, int usual, String value) throws IOException {
    byte[] found = new byte[VALUE_BYTES];
    int result = onCluster((r, handle) -> r.rados_conf_get(handle, option, found, VALUE_BYTES));
    if (result >= 0 && isNumber(Native.toString(found, Names.ENCODING), usual)) {
      set(option, value);
    }
  }

  private static boolean isNumber(String text, int number) {
    try {
      return Double.parseDouble(text) == number;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private void set(String option, String value) throws IOException {
    require(
        "Ceph option " + option, onCluster((r, handle) -> r.rados_conf_set(handle, option, value)));
  }

  private static void require(String request, int result) throws IOException {
    if (result < 0) {
      throw CephException.of(request, result);
    }
  }

  /** Makes the pool if it is missing, with what the cluster has as defaults. */
  void createPool() throws IOException {
    String request = "pool " + pool.name();
    int found =
        onCluster((r, handle) -> (int) Math.min(r.rados_pool_lookup(handle, pool.name()), 0));
    if (found == -CephException.ENOENT) {
      found = onCluster((r, handle) -> r.rados_pool_create(handle, pool.name()));
    }
    require(request, found);
  }

  private int onCluster(Request request) throws IOException {
    lifetime.readLock().lock();
    try {
      return request.send(rados, living());
    } finally {
      lifetime.readLock().unlock();
    }
  }

  /**
   * Asks something of the pool.
   *
   * @return not negative, or a negative errno
   * @throws IOException if there is no such pool, or this is closed
   */
  int call(Request request) throws IOException {
    lifetime.readLock().lock();
    try {
      return request.send(rados, handle(living()));
    } finally {
      lifetime.readLock().unlock();
    }
  }

  @GuardedBy("lifetime")
  private Pointer living() throws IOException {
    if (closed) {
      throw new IOException("connection to cluster " + pool.cluster() + " is closed");
    }
    return cluster;
  }

  private Pointer handle(Pointer living) throws IOException {
    Pointer opened = io;
    if (opened == null) {
      synchronized (opening) {
        opened = io;
        if (opened == null) {
          opened = openPool(living);
          io = opened;
        }
      }
    }
    return opened;
  }

  private Pointer openPool(Pointer living) throws IOException {
    try (Memory place = new Memory(Native.POINTER_SIZE)) {
      int result = rados.rados_ioctx_create(living, pool.name(), place);
      require("pool " + pool.name() + " of cluster " + pool.cluster(), result);
      Pointer opened = place.getPointer(0);
      failWhenFull(opened);
      return opened;
    }
  }

  /** A full pool refuses writes then, where it would let them wait for room. */
  private void failWhenFull(Pointer opened) {
    try {
      int unused = rados.rados_set_pool_full_try(opened);
    } catch (UnsatisfiedLinkError e) {
      // older than Ceph 16: writes wait until the timeout
    }
  }

  @Override
  public void close() {
    lifetime.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        Pointer opened = io;
        if (opened != null) {
          rados.rados_ioctx_destroy(opened);
        }
        int unused = rados.rados_shutdown(cluster);
      }
    } finally {
      lifetime.writeLock().unlock();
    }
  }
}
