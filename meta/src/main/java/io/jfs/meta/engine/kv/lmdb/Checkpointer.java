package io.jfs.meta.engine.kv.lmdb;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.meta.engine.kv.lmdb.Environment.Pin;
import io.jfs.meta.txn.EngineException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets commits go without a flush and still leaves a whole snapshot on the disk at any moment: the
 * one that the last {@link Checkpoint} names. To that snapshot {@link Opening} returns after a
 * power loss. ADR 13.
 *
 * <p>The rule: a process writes only while it holds a pin on a snapshot that is not newer than the
 * last durable checkpoint. A pin keeps LMDB from writing over anything that its snapshot or a later
 * one needs, so each process that writes protects the checkpoint by itself, and it does not matter
 * when the pins of killed processes are cleared away. A pin is taken before the flush that makes
 * its snapshot durable, and the one before it is given up after the checkpoint is. A process that
 * has nothing left to flush gives its pin up: it would keep the others from using pages again.
 *
 * <p>Order of locks: the environment's writer lock, this, the file's lock, LMDB's own.
 */
final class Checkpointer implements Environment.WriteGuard, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpointer.class);

  /**
   * So many commits are not left for longer: they use up space that nothing may be written over.
   */
  private static final int MOST_COMMITS = 4096;

  private static final SecureRandom MARKS = new SecureRandom();

  private final Path directory;
  private final Environment environment;
  private final MetaPages pages;
  private final CheckpointFile file;
  private final Machine machine;
  private final Duration interval;
  private final ScheduledExecutorService background;
  private final AtomicInteger unflushed = new AtomicInteger();

  /** Newest transaction that a checkpoint of this process has made durable. */
  private volatile long durableTxn = -1;

  /** Whether this process may write. Set and cleared by holders of the writer lock and this. */
  private volatile boolean armed;

  @GuardedBy("this")
  private @Nullable Pin pin;

  @GuardedBy("this")
  private @Nullable EngineException broken;

  /** Takes ownership of the pages and the file, not of the environment. */
  Checkpointer(
      Path directory,
      Environment environment,
      MetaPages pages,
      CheckpointFile file,
      Machine machine,
      Duration interval) {
    this.directory = directory;
    this.environment = environment;
    this.pages = pages;
    this.file = file;
    this.machine = machine;
    this.interval = interval;
    this.background =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "jfs-lmdb-checkpoint");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Makes the first checkpoint of a database that had none; for the holder of the file's lock. */
  synchronized void begin() throws IOException {
    checkpointUnderLock().close();
  }

  @Override
  public void beforeWrite() {
    if (!armed) {
      arm();
    }
  }

  /** Whether this process holds a pin: it has, or may have, something to flush. */
  boolean isArmed() {
    return armed;
  }

  private synchronized void arm() {
    requireSound();
    Pin newest = environment.pin();
    if (newest.txnId() > durableTxn) { // others have written, or this is the first time
      newest.close();
      newest = checkpoint();
    }
    pin = newest;
    armed = true;
  }

  @Override
  public void committed() {
    int commits = unflushed.incrementAndGet();
    if (commits == 1) {
      later(interval);
    } else if (commits == MOST_COMMITS) {
      later(Duration.ZERO);
    }
  }

  private void later(Duration delay) {
    try {
      var unused =
          background.schedule(this::runInBackground, delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("{}: the last checkpoint is that of closing", directory);
    }
  }

  /** Makes a checkpoint if there is anything to flush, and gives the pin up after it. */
  void runInBackground() {
    try {
      sync();
      disarmIfIdle();
    } catch (RuntimeException e) {
      LOG.error("{}: no checkpoint: {}", directory, e.getMessage());
    }
  }

  /** Gives the pin up if all that this process has committed is durable. */
  private synchronized void disarmIfIdle() {
    if (!armed || unflushed.get() > 0) {
      return; // the commit that was counted has asked for another run
    }
    if (!environment.writerLock().tryLock()) {
      later(interval);
      return;
    }
    try {
      if (unflushed.get() == 0) {
        armed = false;
        dropPin();
      }
    } finally {
      environment.writerLock().unlock();
    }
  }

  @GuardedBy("this")
  private void dropPin() {
    if (pin != null) {
      pin.close();
      pin = null;
    }
  }

  /**
   * Returns when everything that anybody has committed so far survives a power loss. Callers that
   * come while a checkpoint is being made share the next one.
   */
  void sync() {
    long wanted = environment.lastTxnId();
    if (durableTxn < wanted) {
      syncTo(wanted);
    }
  }

  private synchronized void syncTo(long wanted) {
    requireSound();
    if (durableTxn >= wanted) {
      return;
    }
    Pin newer = checkpoint();
    if (armed) {
      dropPin();
      pin = newer;
    } else {
      newer.close();
    }
  }

  /** What was freed since the last checkpoint may be written over after a new one. */
  @Override
  public boolean makeRoom() {
    if (unflushed.get() == 0) {
      return false;
    }
    sync();
    return true;
  }

  @GuardedBy("this")
  private Pin checkpoint() {
    try {
      return file.locked(this::checkpointUnderLock);
    } catch (IOException e) {
      throw breakDown(e.getMessage(), e);
    } catch (EngineException e) {
      throw breakDown(e.getMessage(), e);
    }
  }

  /**
   * Makes the newest snapshot durable, and then the word that it is. For the holder of the file's
   * lock.
   *
   * @return a pin on it
   */
  private Pin checkpointUnderLock() throws IOException {
    Pinned newest =
        environment.pinWithoutWriters(
            newPin -> {
              unflushed.set(0);
              return new Pinned(newPin, pages.of(newPin.txnId()));
            });
    boolean done = false;
    try {
      Checkpoint latest = file.latest();
      long mark = pages.mark();
      if (mark == 0) {
        mark = newMark();
        pages.mark(mark);
      }
      environment.flush();
      long nextMark = newMark();
      long sequence = latest == null ? 1 : latest.sequence() + 1;
      file.write(
          latest,
          new Checkpoint(
              sequence, Checkpoint.State.ACTIVE, machine, nextMark, mark, newest.meta()));
      pages.mark(nextMark);
      durableTxn = newest.pin().txnId();
      done = true;
      return newest.pin();
    } finally {
      if (!done) {
        newest.pin().close();
      }
    }
  }

  /** A pin and the meta page of its snapshot. */
  private record Pinned(Pin pin, byte[] meta) {}

  private static long newMark() {
    return MARKS.nextLong() | 1;
  }

  /**
   * After a flush that failed nobody knows what is on the disk, and a later one that succeeds does
   * not tell: nothing is committed any more, and the last checkpoint stays.
   */
  @GuardedBy("this")
  private EngineException breakDown(@Nullable String why, Exception cause) {
    broken =
        new EngineException(
            EngineException.Kind.FATAL,
            "lmdb://" + directory + ": no checkpoint, close and open again: " + why,
            cause);
    armed = false;
    dropPin();
    return broken;
  }

  @GuardedBy("this")
  private void requireSound() {
    if (broken != null) {
      throw new EngineException(broken.kind(), String.valueOf(broken.getMessage()), broken);
    }
  }

  /** Makes a last checkpoint of what this process has committed; the environment is still open. */
  @Override
  public void close() {
    background.shutdownNow();
    try {
      if (!background.awaitTermination(1, TimeUnit.MINUTES)) {
        LOG.warn("{}: a checkpoint hangs", directory);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      if (unflushed.get() > 0) {
        sync();
      }
    } finally {
      giveUp();
    }
  }

  private synchronized void giveUp() {
    armed = false;
    dropPin();
  }

  /**
   * Notes that the data file holds exactly the last checkpoint and nobody has it open, if that is
   * so; the environment is closed.
   */
  synchronized void noteClosed() throws IOException {
    try (file;
        pages) {
      if (durableTxn < 0) {
        return; // this process has not written
      }
      boolean unused = file.locked(this::noteClosedUnderLock);
    }
  }

  private boolean noteClosedUnderLock() throws IOException {
    Checkpoint latest = file.latest();
    boolean isWhole =
        latest != null
            && latest.state() == Checkpoint.State.ACTIVE
            && latest.machine().equals(machine)
            && LmdbLock.isFree(directory)
            && pages.newestTxn() == latest.txn();
    if (latest != null && isWhole) {
      file.write(latest, latest.next(Checkpoint.State.CLOSED, machine));
    }
    return isWhole;
  }
}
