package io.jfs.cli.mount;

import io.jfs.fuse.FrontEnd;
import io.jfs.fuse.FuseServer;
import io.jfs.fuse.KernelConnection;
import io.jfs.fuse.MountOptions;
import io.jfs.vfs.VfsOps;
import io.jfs.vfs.handle.HandleLedger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A mount that outlives the process that serves it, because a supervisor holds its channel, too:
 * what this process finds, and what it leaves to the next.
 */
public final class LastingMount implements AutoCloseable {
  private final Supervisor supervisor;
  private final @Nullable MountState before;
  private final Path mountPoint;
  private final Path log;
  private final HandleLedger ledger;
  private @Nullable HandOver handOver;

  private LastingMount(
      Supervisor supervisor, @Nullable MountState before, Path mountPoint, Path log)
      throws IOException {
    this.supervisor = supervisor;
    this.before = before;
    this.mountPoint = mountPoint;
    this.log = log;
    this.ledger = HandleLedger.open(supervisor.handles());
  }

  /** The mount as the process before this one has left it, or one that is to be made. */
  public static LastingMount open(
      Supervisor supervisor, Optional<MountState> before, Path mountPoint, Path log)
      throws IOException {
    return new LastingMount(supervisor, before.orElse(null), mountPoint, log);
  }

  /** Open handles. */
  public HandleLedger ledger() {
    return ledger;
  }

  /** Whether another process has served this mount before. */
  public boolean goesOn() {
    return before != null;
  }

  /** How many processes have. */
  public int era() {
    return before == null ? 0 : before.era() + 1;
  }

  /** The metadata session that goes on; 0 if there is none. */
  public long session() {
    return before == null ? 0 : before.session();
  }

  /** Where the supervisor and the processes leave each other word. */
  public Path folder() {
    return supervisor.folder();
  }

  /**
   * Mounts, or goes on with what is mounted; when this returns, the mount answers.
   *
   * @param session this client's metadata session
   * @param fixed what every process that serves this mount must have in common
   */
  public FuseServer serve(VfsOps ops, MountOptions options, long session, Map<String, String> fixed)
      throws IOException {
    MountState left = before;
    if (left == null) {
      return FuseServer.mountOn(
          ops,
          options,
          mountPoint,
          supervisor.descriptor(),
          server ->
              supervisor.keep(state(server.connection(supervisor.descriptor()), session, fixed)));
    }
    KernelConnection connection = left.connection(supervisor.descriptor());
    // Before the first handle of this era is given out.
    supervisor.keep(state(connection, session, fixed));
    return FuseServer.takeOver(ops, options, mountPoint, connection);
  }

  private MountState state(KernelConnection connection, long session, Map<String, String> fixed) {
    return new MountState(
        mountPoint, log, connection.device(), connection.agreement(), session, era(), false, fixed);
  }

  /**
   * The mount is served: from now on this process makes way when it is asked to.
   *
   * @param flush stores what is written; whether nothing is left
   * @param beforeLeaving told when another process goes on
   */
  public void ready(FrontEnd server, BooleanSupplier flush, Runnable beforeLeaving)
      throws IOException {
    if (server instanceof FuseServer fuse) {
      HandOver way = new HandOver(supervisor, fuse, flush, beforeLeaving);
      handOver = way;
      supervisor.listen(way::run);
    }
    supervisor.ready();
  }

  /** The front end has ended; if no other process goes on, there is no mount any more. */
  public void ended() {
    HandOver way = handOver;
    if (way == null || !way.isDone()) {
      supervisor.unmounted();
    }
  }

  /** Whether another process goes on. */
  public boolean isHandedOver() {
    HandOver way = handOver;
    return way != null && way.isDone();
  }

  @Override
  public void close() throws IOException {
    ledger.close();
  }
}
