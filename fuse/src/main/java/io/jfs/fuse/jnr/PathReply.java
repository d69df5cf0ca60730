package io.jfs.fuse.jnr;

import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.vfs.Request;
import io.jfs.vfs.VfsOps;
import java.io.IOException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one callback of libfuse: the only place that catches everything, turns it into a negative
 * errno and logs it.
 */
final class PathReply {
  private static final Logger log = LoggerFactory.getLogger(PathReply.class);

  private final VfsOps ops;
  private final Supplier<Caller> callers;

  /** {@code callers} says on whose behalf the calling thread runs. */
  PathReply(VfsOps ops, Supplier<Caller> callers) {
    this.ops = ops;
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
    try (Walk walk = new Walk(ops, Request.of(callers.get()))) {
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
}
