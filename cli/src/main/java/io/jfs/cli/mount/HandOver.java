package io.jfs.cli.mount;

import io.jfs.fuse.FuseServer;
import java.io.IOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes way for another process that goes on with the mount: stores what is written, stops reading
 * requests, serves what was read, and leaves. Whatever does not succeed, this process goes on.
 */
public final class HandOver {
  private static final Logger log = LoggerFactory.getLogger(HandOver.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Supervisor supervisor;
  private final FuseServer server;
  private final BooleanSupplier flush;
  private final Runnable beforeLeaving;
  private volatile boolean done;

  /**
   * A way to make way.
   *
   * @param flush stores what is written; whether nothing is left
   * @param beforeLeaving told when it is certain
   */
  public HandOver(
      Supervisor supervisor, FuseServer server, BooleanSupplier flush, Runnable beforeLeaving) {
    this.supervisor = supervisor;
    this.server = server;
    this.flush = flush;
    this.beforeLeaving = beforeLeaving;
  }

  /** Whether another process is going on. */
  public boolean isDone() {
    return done;
  }

  /** Does it, or tells why not. */
  public void run() {
    if (done) {
      return;
    }
    log.info("Another process is to serve the mount");
    try {
      String trouble = makeWay();
      if (!trouble.isEmpty()) {
        log.warn("This process goes on: {}", trouble);
        supervisor.refuse(trouble);
      }
    } catch (IOException e) {
      log.warn("This process goes on", e);
      supervisor.refuse(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Empty if it is done; else why not. */
  private String makeWay() throws IOException, InterruptedException {
    // Most is stored while requests are still served, so that they do not wait for it.
    boolean ignored = flush.getAsBoolean();
    if (!server.pause(PATIENCE)) {
      return "operations are still running after " + PATIENCE.toSeconds() + " s";
    }
    boolean stored = flush.getAsBoolean();
    if (!stored || !supervisor.isAskedToMakeWay()) {
      server.resume();
      return stored ? "nobody waits for it any more" : "what was written cannot be stored now";
    }
    MountState state =
        supervisor.state().orElseThrow(() -> new IOException("the mount's state is gone"));
    supervisor.keep(state.ended());
    done = true;
    beforeLeaving.run();
    server.leave();
    return "";
  }
}
