package io.jfs.fuse.jnr;

import io.jfs.fuse.Callers;
import io.jfs.vfs.KernelNotifier;
import io.jfs.vfs.VfsOps;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** libfuse's main loop on a thread of its own, from the mount to the unmount. */
final class LibfuseLoop {
  private static final Logger log = LoggerFactory.getLogger(LibfuseLoop.class);

  private final VfsOps ops;
  private final PathFileSystem fileSystem;
  private final CompletableFuture<Boolean> connected = new CompletableFuture<>();
  private final CountDownLatch ended = new CountDownLatch(1);

  private LibfuseLoop(VfsOps ops) {
    this.ops = ops;
    Callers callers = new Callers(Path.of("/proc"), System::nanoTime);
    this.fileSystem =
        new PathFileSystem(
            ops,
            context ->
                callers.of(context.uid.intValue(), context.gid.intValue(), context.pid.intValue()),
            this::connected);
  }

  /**
   * Mounts and serves.
   *
   * @param arguments of libfuse's main function
   * @throws IOException libfuse is missing, or it could not mount; it has said why on standard
   *     error
   */
  static LibfuseLoop start(VfsOps ops, String[] arguments) throws IOException {
    LibfuseLoop loop;
    try {
      loop = new LibfuseLoop(ops);
    } catch (UnsatisfiedLinkError e) {
      throw new IOException("libfuse 2 (libfuse.so.2) cannot be loaded", e);
    }
    Thread thread = new Thread(() -> loop.run(arguments), "fuse-jnr");
    thread.setDaemon(true);
    thread.start();
    loop.awaitConnection();
    return loop;
  }

  private void connected() {
    ops.start(KernelNotifier.NONE);
    boolean unused = connected.complete(true);
  }

  private void awaitConnection() throws IOException {
    try {
      boolean unused = connected.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException refused ? refused : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while mounting", e);
    }
  }

  private void run(String[] arguments) {
    try {
      int status = fileSystem.serve(arguments);
      boolean neverMounted =
          connected.completeExceptionally(
              new IOException("libfuse could not mount (status " + status + ")"));
      if (!neverMounted) {
        ops.stop();
      }
    } catch (Throwable e) {
      log.error("the front end on libfuse ends", e);
      boolean unused = connected.completeExceptionally(e);
    } finally {
      ended.countDown();
    }
  }

  void awaitEnd() throws InterruptedException {
    ended.await();
  }

  boolean awaitEnd(Duration patience) throws InterruptedException {
    return ended.await(patience.toNanos(), TimeUnit.NANOSECONDS);
  }
}
