package io.jfs.vfs.control;

import io.jfs.chunk.slice.SliceStore;
import io.jfs.meta.Meta;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.vfs.compact.Compactor;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commands, each listed in the constructor and nowhere else, and the threads that run them.
 * Owns the threads.
 */
public final class ControlCommands implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ControlCommands.class);
  private static final int MAX_AT_ONCE = 32;
  private static final long STOP_SECONDS = 10;

  private final List<ControlCommand> commands;
  private final Meta meta;
  private final ThreadPoolExecutor threads;
  private final Set<ControlReply> background = ConcurrentHashMap.newKeySet();

  /** Commands on a volume. */
  public ControlCommands(Meta meta, SliceStore store, Compactor compactor, int blockSizeBytes) {
    this.meta = meta;
    Tree tree = new Tree(meta);
    Inspection inspection = new Inspection(meta, tree, blockSizeBytes);
    this.commands =
        List.of(
            new RemoveCommand(meta),
            new LegacyInfoCommand(inspection),
            new FillCacheCommand(meta, store, tree, this::inBackground),
            new InfoCommand(inspection),
            new CloneCommand(meta),
            new SummaryCommand(meta),
            new CompactCommand(meta, tree, compactor));
    this.threads =
        new ThreadPoolExecutor(
            0,
            MAX_AT_ONCE,
            5,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> {
              Thread thread = new Thread(task, "jfs-control");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * A path of an inode from the root of the mount; null if it has none.
   *
   * @throws FsException ENOENT
   */
  public @Nullable String path(Ino ino) throws FsException {
    List<String> paths = meta.paths(ino);
    return paths.isEmpty() ? null : paths.get(0);
  }

  /** A new stream of requests. */
  public ControlSession open() {
    return new ControlSession(this);
  }

  void start(int opcode, Caller caller, ByteBuffer payload, ControlReply reply) {
    for (ControlCommand command : commands) {
      if (command.opcode() == opcode) {
        try {
          threads.execute(() -> run(command, caller, payload, reply));
        } catch (RejectedExecutionException e) {
          reply.fail(Errno.EAGAIN);
        }
        return;
      }
    }
    reply.fail(Errno.EINVAL);
  }

  private static void run(
      ControlCommand command, Caller caller, ByteBuffer payload, ControlReply reply) {
    try {
      command.run(caller, payload, reply);
      reply.succeed();
    } catch (FsException e) {
      reply.fail(e.errno());
    } catch (BufferUnderflowException e) {
      reply.fail(Errno.EINVAL);
    } catch (IOException | RuntimeException e) {
      log.error("control command {} failed", command.opcode(), e);
      reply.fail(Errno.EIO);
    }
  }

  /** Work that goes on when its client has gone; it is cancelled when the mount goes away. */
  @FunctionalInterface
  interface Work {
    void run(ControlReply nobody) throws FsException, IOException;
  }

  private void inBackground(Work work) throws FsException {
    ControlReply nobody = new ControlReply();
    background.add(nobody);
    try {
      threads.execute(() -> runInBackground(work, nobody));
    } catch (RejectedExecutionException e) {
      background.remove(nobody);
      throw Errno.EAGAIN.exception();
    }
  }

  private void runInBackground(Work work, ControlReply nobody) {
    try {
      work.run(nobody);
    } catch (FsException e) {
      log.warn("control command in the background: {}", e.errno().text());
    } catch (IOException | RuntimeException e) {
      log.error("control command in the background failed", e);
    } finally {
      background.remove(nobody);
    }
  }

  /** Ends the threads. */
  @Override
  public void close() {
    background.forEach(ControlReply::cancel);
    threads.shutdown();
    try {
      if (!threads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        log.warn("control commands are still running");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
