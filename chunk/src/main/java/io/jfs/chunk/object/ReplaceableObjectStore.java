package io.jfs.chunk.object;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;

/**
 * Another way to the same data may take this store's place while it is used: new credentials, a new
 * endpoint. Requests go where they began; so former stores are closed only with this one.
 */
public final class ReplaceableObjectStore extends ForwardingObjectStore {
  private volatile ObjectStore current;

  @GuardedBy("this")
  private final List<ObjectStore> owned = new ArrayList<>();

  /** Owns {@code store}. */
  public ReplaceableObjectStore(ObjectStore store) {
    super(store);
    this.current = store;
    owned.add(store);
  }

  /** From now on requests go to {@code next}, which is owned. */
  public synchronized void replace(ObjectStore next) {
    owned.add(next);
    current = next;
  }

  @Override
  protected ObjectStore store() {
    return current;
  }

  @Override
  public synchronized void close() {
    owned.forEach(ObjectStore::close);
  }
}
