package io.jfs.fuse;

import io.jfs.fuse.device.FuseDevice;
import io.jfs.fuse.device.MountPoint;
import io.jfs.fuse.device.NativeThread;
import io.jfs.fuse.proto.Init.Agreement;
import io.jfs.fuse.proto.Notifications;
import io.jfs.fuse.proto.Opcode;
import io.jfs.meta.model.FsException;
import io.jfs.vfs.VfsOps;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The default front end: the kernel's own protocol on /dev/fuse. It owns the channel, the reader
 * threads, the threads of waiting locks and the notifying thread, and gives all of them back when
 * the last reader has ended.
 */
public final class FuseServer implements FrontEnd {
  private static final Logger log = LoggerFactory.getLogger(FuseServer.class);
  private static final int READ_AHEAD_KIB = 1024;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final VfsOps ops;
  private final MountPoint mountPoint;
  private final FuseDevice device;
  private final Agreement agreement;
  private final KernelNotifications notifications;
  private final LockWaiters lockWaiters = new LockWaiters();
  private final FuseDispatcher dispatcher;
  private final Readers readers;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean left;

  private FuseServer(
      VfsOps ops,
      MountOptions options,
      MountPoint.Connected mounted,
      Agreement agreement,
      Consumer<Operation> trace) {
    this.ops = ops;
    this.mountPoint = mounted.point();
    this.device = mounted.device();
    this.agreement = agreement;
    this.notifications = new KernelNotifications(device);
    this.dispatcher =
        new FuseDispatcher(
            ops, trace, agreement, admission(options), this::find, this::waitForLock);
    this.readers =
        new Readers(
            device,
            options.has(MountOptions.Feature.CLONE_FD),
            Readers.requestBytes(agreement.maxIoBytes()),
            Readers.Limits.DEFAULT,
            new Callers(Path.of("/proc"), System::nanoTime),
            dispatcher::dispatch,
            this::end);
  }

  /**
   * Mounts a file system. When this returns, the mount answers.
   *
   * @param ops what is served; {@code start} is called before the first request and {@code stop}
   *     after the last
   * @param mountPoint an existing directory; a dead server's mount on it is replaced
   * @throws IOException it could not be mounted
   */
  public static FrontEnd mount(VfsOps ops, MountOptions options, Path mountPoint)
      throws IOException {
    return mount(ops, options, mountPoint, tracing(options));
  }

  /** With {@code trace}, which is told of every operation after its reply. */
  static FrontEnd mount(
      VfsOps ops, MountOptions options, Path mountPoint, Consumer<Operation> trace)
      throws IOException {
    return mount(ops, options, mountPoint, OptionalInt.empty(), trace, server -> {});
  }

  /** Something to be done when a mount is made, before anyone is served. */
  @FunctionalInterface
  public interface BeforeServing {
    /** Does it; if it fails, the mount is taken back. */
    void run(FuseServer server) throws IOException;
  }

  /**
   * As {@link #mount(VfsOps, MountOptions, Path)}, on a channel that another process holds, too.
   *
   * @param descriptor of /dev/fuse, not connected yet
   */
  public static FuseServer mountOn(
      VfsOps ops,
      MountOptions options,
      Path mountPoint,
      int descriptor,
      BeforeServing beforeServing)
      throws IOException {
    // A channel of its own would take its unanswered requests with it when this process dies.
    MountOptions shared = options.without(MountOptions.Feature.CLONE_FD);
    return mount(
        ops, shared, mountPoint, OptionalInt.of(descriptor), tracing(options), beforeServing);
  }

  private static Consumer<Operation> tracing(MountOptions options) {
    return options.has(MountOptions.Feature.DEBUG) ? new DebugLog() : op -> {};
  }

  private static FuseServer mount(
      VfsOps ops,
      MountOptions options,
      Path mountPoint,
      OptionalInt descriptor,
      Consumer<Operation> trace,
      BeforeServing beforeServing)
      throws IOException {
    MountPoint.Connected mounted = MountPoint.mount(mountPoint, options.mountRequest(), descriptor);
    try {
      Agreement agreement = Handshake.perform(mounted.device(), options);
      mounted.point().raiseReadAhead(READ_AHEAD_KIB);
      log.debug("{}: {}", mounted.point().path(), agreement);
      FuseServer server = new FuseServer(ops, options, mounted, agreement, trace);
      beforeServing.run(server);
      server.serve();
      return server;
    } catch (Throwable e) {
      mounted.point().unmount();
      mounted.device().close();
      throw e;
    }
  }

  /**
   * Goes on with a mount that another process has served. When this returns, it is served; what the
   * other has read and not answered comes again, where the kernel can do that (Linux 6.9).
   *
   * @throws IOException the descriptor is none of this mount
   */
  public static FuseServer takeOver(
      VfsOps ops, MountOptions options, Path mountPoint, KernelConnection connection)
      throws IOException {
    NativeThread.prepare();
    MountPoint.Connected mounted =
        MountPoint.adopt(mountPoint, connection.descriptor(), connection.device());
    FuseServer server =
        new FuseServer(
            ops,
            options.without(MountOptions.Feature.CLONE_FD),
            mounted,
            connection.agreement(),
            tracing(options));
    server.dispatcher.resentAreNew(connection.orderly());
    // Before anything is read: what is being served then would come again, too.
    KernelNotifications.resend(mounted.device());
    server.serve();
    return server;
  }

  private void serve() {
    ops.start(notifications);
    notifications.start();
    readers.start();
  }

  /** What another process needs to go on with this mount, which answers all that it carries out. */
  public KernelConnection connection(int descriptor) {
    return new KernelConnection(descriptor, mountPoint.device(), agreement, true);
  }

  /**
   * Stops reading requests, and waits until those that were read are served: then another process
   * may go on, or this one {@link #resume}s. Locks that wait are asked for again by the kernel, or,
   * before Linux 6.9, refused with EINTR.
   *
   * @return whether nothing is served any more; if not, this process goes on
   */
  public boolean pause(Duration patience) throws IOException, InterruptedException {
    NativeThread.prepare();
    boolean resends = agreement.minor() >= Notifications.RESEND_MINOR;
    if (!resends) {
      lockWaiters.interrupt(); // an older kernel would let them wait for ever
    }
    return readers.pause(patience, resends);
  }

  /** Reads requests again after {@link #pause}. */
  public void resume() {
    readers.resume();
  }

  /** After {@link #pause}: this process has no more to do with the mount, which stays. */
  public void leave() {
    left = true;
    dispatcher.leaveWaiting();
    try {
      notifications.end();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ended.countDown(); // The channel stays open: a lock that is had now is still answered.
  }

  /** -o allow_root: requests that begin something are for the mounting user and root only. */
  private static Predicate<Operation> admission(MountOptions options) {
    if (!options.has(MountOptions.Feature.ALLOW_ROOT)) {
      return op -> true;
    }
    int owner = MountPoint.effectiveUid();
    Set<Opcode> everybody =
        EnumSet.of(
            Opcode.FORGET,
            Opcode.BATCH_FORGET,
            Opcode.INTERRUPT,
            Opcode.READ,
            Opcode.WRITE,
            Opcode.FLUSH,
            Opcode.FSYNC,
            Opcode.RELEASE,
            Opcode.READDIR,
            Opcode.READDIRPLUS,
            Opcode.FSYNCDIR,
            Opcode.RELEASEDIR,
            Opcode.DESTROY);
    return op ->
        op.caller().uid() == owner || op.caller().isRoot() || everybody.contains(op.opcode());
  }

  private @Nullable Operation find(long unique) {
    Operation reading = readers.find(unique);
    return reading != null ? reading : lockWaiters.find(unique);
  }

  private void waitForLock(Operation op) throws FsException {
    lockWaiters.accept(op, dispatcher::replyToWaitingLock);
  }

  /** Runs on the last reader. */
  private void end() {
    try {
      lockWaiters.end();
      notifications.end();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    device.close();
    try {
      ops.stop();
    } catch (IOException | RuntimeException e) {
      log.error("{}: not everything was flushed", mountPoint.path(), e);
    } finally {
      ended.countDown();
    }
  }

  @Override
  public void awaitUnmount() throws InterruptedException {
    ended.await();
  }

  @Override
  public boolean awaitUnmount(Duration patience) throws InterruptedException {
    return ended.await(patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void unmount() throws IOException {
    if (left) {
      return;
    }
    mountPoint.unmount();
  }

  @Override
  public void close() throws IOException {
    unmount();
    try {
      if (!awaitUnmount(PATIENCE) && mountPoint.abort() && !awaitUnmount(PATIENCE)) {
        log.warn("{}: operations are still running", mountPoint.path());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
