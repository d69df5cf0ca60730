package io.jfs.fuse.jnr;

import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.vfs.CompletedOperation;
import io.jfs.vfs.OperationListener;
import io.jfs.vfs.Request;
import io.jfs.vfs.VfsOps;
import java.io.IOException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one callback of libfuse: the only place that catches everything, turns it into a negative
 * errno, logs it and tells the listener.
 */
final class PathReply {
  private static final Logger log = LoggerFactory.getLogger(PathReply.class);

  private final VfsOps ops;
  private final OperationListener listener;
  private final Supplier<Caller> callers;

  /** {@code callers} says on whose behalf the calling thread runs. */
  PathReply(VfsOps ops, OperationListener listener, Supplier<Caller> callers) {
    this.ops = ops;
    this.listener = listener;
    this.callers = callers;
  }

  /** What a callback does; answers what libfuse wants: 0 or a length. */
  @FunctionalInterface
  interface Body {
    int run(Walk walk) throws FsException, IOException;
  }

  /** What a callback does that answers nothing. */
  @FunctionalInterface
  interface Action {
    void run(Walk walk) throws FsException, IOException;
  }

  int run(String name, Action action) {
    return answer(
        name,
        walk -> {
          action.run(walk);
          return 0;
        });
  }

  int answer(String name, Body body) {
    long start = System.nanoTime();
    Caller caller = callers.get();
    int answer = answer(name, caller, body);
    if (listener != OperationListener.NONE) {
      listener.completed(new Completed(name, caller, System.nanoTime() - start, answer));
    }
    return answer;
  }

  private int answer(String name, Caller caller, Body body) {
    try (Walk walk = new Walk(ops, Request.of(caller))) {
      return body.run(walk);
    } catch (FsException e) {
      return -e.errno().number();
    } catch (IOException e) {
      log.warn("{}: {}", name, e.toString());
      return -Errno.EIO.number();
    } catch (Throwable e) {
      log.error("{} failed", name, e);
      return -Errno.EIO.number();
    }
  }

  /** Inodes are not known to this front end. */
  private record Completed(String name, Caller caller, long durationNanos, int answer)
      implements CompletedOperation {
    @Override
    public long inode() {
      return 0;
    }

    @Override
    public int errno() {
      return Math.max(0, -answer);
    }

    @Override
    public long transferredBytes() {
      boolean transfers = name.equals("read") || name.equals("write");
      return transfers ? Math.max(0, answer) : 0;
    }
  }
}
