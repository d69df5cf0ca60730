package io.jfs.chunk.object;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Another way to the same data may take this store's place while it is used: new credentials, a new
 * endpoint. Requests go where they began; so former stores are closed only with this one.
 */
public final class ReplaceableObjectStore implements ObjectStore {
  private volatile ObjectStore store;

  @GuardedBy("this")
  private final List<ObjectStore> owned = new ArrayList<>();

  /** Owns {@code store}. */
  public ReplaceableObjectStore(ObjectStore store) {
    this.store = store;
    owned.add(store);
  }

  /** From now on requests go to {@code next}, which is owned. */
  public synchronized void replace(ObjectStore next) {
    owned.add(next);
    store = next;
  }

  @Override
  public String describe() {
    return store.describe();
  }

  @Override
  public boolean hasCheapRanges() {
    return store.hasCheapRanges();
  }

  @Override
  public void create() throws IOException {
    store.create();
  }

  @Override
  public void put(String key, ByteBuffer data) throws IOException {
    store.put(key, data);
  }

  @Override
  public int get(String key, long off, ByteBuffer into) throws IOException {
    return store.get(key, off, into);
  }

  @Override
  public @Nullable ObjectInfo head(String key) throws IOException {
    return store.head(key);
  }

  @Override
  public void delete(String key) throws IOException {
    store.delete(key);
  }

  @Override
  public List<ObjectInfo> list(String prefix, String after, int limit) throws IOException {
    return store.list(prefix, after, limit);
  }

  @Override
  public synchronized void close() {
    owned.forEach(ObjectStore::close);
  }
}
