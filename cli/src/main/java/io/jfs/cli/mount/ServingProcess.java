package io.jfs.cli.mount;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process that serves a mount, as others on this host see it. When everything is flushed and
 * closed it says so in its name, because the virtual machine may then take a second more to end: it
 * waits for its compiler.
 */
public final class ServingProcess {
  private static final Logger log = LoggerFactory.getLogger(ServingProcess.class);
  private static final String DONE = "jfs-unmounted";
  private static final Duration PAUSE = Duration.ofMillis(5);

  private ServingProcess() {}

  /** Says that this process has flushed and closed all it had. */
  public static void sayDone() {
    try {
      Files.writeString(Path.of("/proc/self/comm"), DONE);
    } catch (IOException e) {
      log.debug("cannot change the name of this process", e);
    }
  }

  /** Waits until a process has said so or has ended; false if it takes longer than {@code most}. */
  public static boolean awaitDone(ProcessHandle process, Duration most)
      throws InterruptedException {
    long start = System.nanoTime();
    while (process.isAlive() && !isDone(process.pid())) {
      if (System.nanoTime() - start > most.toNanos()) {
        return false;
      }
      LockSupport.parkNanos(PAUSE.toNanos());
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
    return true;
  }

  static boolean isDone(long pid) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), "comm")).strip().equals(DONE);
    } catch (IOException e) {
      return false; // It has ended meanwhile, or belongs to another.
    }
  }
}
