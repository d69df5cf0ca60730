package io.jfs.cli.mount;

import io.jfs.fuse.FrontEnd;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGTERM and SIGINT unmount: the process ends with code 0 when everything is flushed and closed,
 * or with 1 after a time without progress. Closed by the thread that serves, as its last act.
 */
public final class Termination implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Termination.class);
  private static final long PATIENCE_SECONDS = 60;

  private final CountDownLatch ended = new CountDownLatch(1);

  /** From now on a signal closes this front end; {@code unmounted} runs when that is over. */
  public void closes(FrontEnd frontEnd, Runnable unmounted) {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> unmount(frontEnd, unmounted), "terminate"));
  }

  private void unmount(FrontEnd frontEnd, Runnable unmounted) {
    if (ended.getCount() == 0) {
      return;
    }
    log.info("Got a signal, unmounting");
    boolean clean = false;
    try {
      frontEnd.close();
      clean = ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (IOException e) {
      log.error("Cannot unmount: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    unmounted.run();
    // Without this the JVM would report the signal (143) after a clean end.
    Runtime.getRuntime().halt(clean ? 0 : 1);
  }

  @Override
  public void close() {
    ended.countDown();
  }
}
