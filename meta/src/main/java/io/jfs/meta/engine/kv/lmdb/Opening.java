package io.jfs.meta.engine.kv.lmdb;

import io.jfs.meta.engine.kv.lmdb.Checkpoint.State;
import io.jfs.meta.txn.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the database of a directory, one process at a time: returns to the last checkpoint if the
 * machine has gone down since, and settles whether commits wait for the disk ({@link
 * Checkpoint.State#DIRECT}) or for a checkpoint. That holds for all processes until the last has
 * closed it: who comes later does as those who are there, and flushes each commit besides if it is
 * asked to.
 */
final class Opening {
  private static final Logger LOG = LoggerFactory.getLogger(Opening.class);

  private final Path directory;
  private final Durability durability;
  private final Duration interval;
  private final long mapBytes;
  private final Machine machine;

  /**
   * @param directory exists
   * @param interval how long commits wait for a checkpoint
   * @param mapBytes first size of the map
   * @param machine the one that runs
   */
  Opening(
      Path directory, Durability durability, Duration interval, long mapBytes, Machine machine) {
    this.directory = directory;
    this.durability = durability;
    this.interval = interval;
    this.mapBytes = mapBytes;
    this.machine = machine;
  }

  /**
   * The open database.
   *
   * @throws EngineException with one line that says why it cannot be opened
   */
  Store open() {
    boolean checkpoints = durability == Durability.CHECKPOINT && machine.isKnown();
    if (!checkpoints && !Files.exists(CheckpointFile.in(directory))) {
      return direct();
    }
    try {
      CheckpointFile file = new CheckpointFile(directory);
      Store store = null;
      try {
        store = file.locked(() -> open(file, checkpoints));
        return store;
      } finally {
        if (store == null || !store.isCheckpointed()) {
          file.close();
        }
      }
    } catch (IOException e) {
      throw LmdbErrors.translate(directory, e);
    }
  }

  private Store open(CheckpointFile file, boolean checkpoints) throws IOException {
    boolean alone = LmdbLock.isFree(directory);
    Checkpoint latest = file.latest();
    if (!alone) {
      return Checkpoint.isDirect(latest) ? direct() : checkpointed(file, latest);
    }
    latest = recover(file, latest);
    if (checkpoints) {
      return checkpointed(file, latest);
    }
    if (latest != null && !Checkpoint.isDirect(latest)) {
      endCheckpoints(file, latest);
    }
    return direct();
  }

  private Store direct() {
    Durability effective = durability == Durability.CHECKPOINT ? Durability.FSYNC : durability;
    return new Store(
        directory, new Environment(directory, effective.flags(), mapBytes), effective, null);
  }

  private Store checkpointed(CheckpointFile file, @Nullable Checkpoint latest) throws IOException {
    Environment environment = new Environment(directory, Durability.CHECKPOINT.flags(), mapBytes);
    MetaPages pages = null;
    boolean done = false;
    try {
      pages = new MetaPages(directory);
      Checkpointer checkpointer =
          new Checkpointer(directory, environment, pages, file, machine, interval);
      if (Checkpoint.isDirect(latest)) {
        checkpointer.begin();
      }
      environment.guardWith(checkpointer);
      done = true;
      return new Store(directory, environment, durability, checkpointer);
    } finally {
      if (!done) {
        environment.close();
        if (pages != null) {
          pages.close();
        }
      }
    }
  }

  /**
   * Returns to the last checkpoint if what was written after it may be lost. Interrupted by another
   * power loss it is done again.
   *
   * @return the newest checkpoint
   */
  private @Nullable Checkpoint recover(CheckpointFile file, @Nullable Checkpoint latest)
      throws IOException {
    if (latest == null
        || latest.state() != State.ACTIVE
        || machine.isStill(latest.machine())
        || !Files.exists(directory.resolve("data.mdb"))) {
      return latest;
    }
    try (MetaPages pages = new MetaPages(directory)) {
      long mark = pages.mark();
      if (mark != latest.mark() && mark != latest.previousMark()) {
        LOG.warn("{}: the file checkpoint belongs to another data.mdb, it is not used", directory);
        return latest;
      }
      long newest = pages.newestTxn();
      pages.restore(latest.meta());
      if (newest != latest.txn()) {
        LOG.warn(
            "{}: the machine went down before everything was on the disk: transaction {} undone"
                + " down to checkpoint {}",
            directory,
            newest,
            latest.txn());
      }
    }
    Checkpoint adopted = latest.next(State.ACTIVE, machine);
    file.write(latest, adopted);
    return adopted;
  }

  /** From here on commits write over the snapshot: what there is must be durable first. */
  private void endCheckpoints(CheckpointFile file, Checkpoint latest) throws IOException {
    if (Files.exists(directory.resolve("data.mdb"))) {
      try (MetaPages pages = new MetaPages(directory)) {
        pages.flush();
      }
    }
    file.write(latest, latest.next(State.DIRECT, machine));
  }
}
