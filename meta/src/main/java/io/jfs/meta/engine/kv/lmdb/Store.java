package io.jfs.meta.engine.kv.lmdb;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.meta.engine.kv.KvCheck;
import io.jfs.meta.engine.kv.KvOutcome;
import io.jfs.meta.engine.kv.KvWrite;
import io.jfs.meta.txn.CommitOutcome.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** An open database: who commits to it, and who makes that durable. */
final class Store implements AutoCloseable {
  private final Path directory;
  private final Environment environment;
  private final GroupCommitter committer;
  private final Durability durability;
  private final @Nullable Checkpointer checkpointer;
  private final AtomicLong committed = new AtomicLong();
  private final Object flushing = new Object();

  @GuardedBy("flushing")
  private long flushed;

  /**
   * Takes ownership of the environment and the checkpointer.
   *
   * @param durability what is asked of commits
   * @param checkpointer without, LMDB's own rules hold for the data file
   */
  Store(
      Path directory,
      Environment environment,
      Durability durability,
      @Nullable Checkpointer checkpointer) {
    this.directory = directory;
    this.environment = environment;
    this.committer = new GroupCommitter(environment);
    this.durability = durability;
    this.checkpointer = checkpointer;
  }

  /** Whether commits wait for a checkpoint. */
  boolean isCheckpointed() {
    return checkpointer != null;
  }

  Environment environment() {
    return environment;
  }

  /** Does everything or nothing. */
  KvOutcome commit(List<KvCheck> checks, List<KvWrite> writes) {
    KvOutcome outcome = committer.commit(checks, writes);
    if (outcome.status() == Status.COMMITTED) {
      committed.incrementAndGet();
      if (checkpointer != null && durability.flushesCommits()) {
        checkpointer.sync(); // the processes that were there first let theirs wait
      }
    }
    return outcome;
  }

  void clear() {
    committer.exclusively(environment::clear);
    committed.incrementAndGet();
    sync();
  }

  /** Returns when everything committed so far survives a power loss, if this store promises it. */
  void sync() {
    if (checkpointer != null) {
      checkpointer.sync();
    } else if (durability == Durability.FSYNC) {
      flush();
    }
  }

  private void flush() {
    long wanted = committed.get();
    synchronized (flushing) {
      if (flushed < wanted) {
        long covered = committed.get();
        environment.flush();
        flushed = covered;
      }
    }
  }

  @Override
  public void close() {
    try {
      if (checkpointer == null) {
        sync();
      } else {
        checkpointer.close();
      }
    } finally {
      environment.close();
      noteClosed();
    }
  }

  private void noteClosed() {
    if (checkpointer != null) {
      try {
        checkpointer.noteClosed();
      } catch (IOException e) {
        throw LmdbErrors.translate(directory, e);
      }
    }
  }
}
