package io.jfs.cli.admin;

import io.jfs.chunk.object.ObjectStore;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes objects, several at once; whoever adds more than are deleted waits. */
public final class ObjectDeletion implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ObjectDeletion.class);

  private final ObjectStore store;
  private final Runnable progress;
  private final Crew crew;
  private final AtomicLong failures = new AtomicLong();

  /**
   * Deletes from {@code store}.
   *
   * @param progress told of every object that is gone
   */
  public ObjectDeletion(ObjectStore store, int threads, Runnable progress) {
    this.store = store;
    this.progress = progress;
    this.crew = new Crew("jfs-delete", threads);
  }

  /** Deletes an object some time before {@link #finish} returns. */
  public void add(String key) {
    crew.add(() -> delete(key));
  }

  private void delete(String key) {
    try {
      store.delete(key);
      progress.run();
    } catch (IOException e) {
      if (failures.getAndIncrement() == 0) {
        log.warn("cannot delete {}: {}", key, e.getMessage());
      }
    }
  }

  /**
   * Waits until everything added was tried.
   *
   * @return how many objects could not be deleted
   */
  public long finish() {
    crew.finish();
    return failures.get();
  }

  @Override
  public void close() {
    crew.close();
  }
}
