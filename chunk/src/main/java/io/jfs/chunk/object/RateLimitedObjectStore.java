package io.jfs.chunk.object;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Slows transfers down to limits that may change while it runs. */
public final class RateLimitedObjectStore implements ObjectStore {
  private final ObjectStore store;
  private final RateLimiter uploads;
  private final RateLimiter downloads;

  /** Owns {@code store}; shares the limiters. */
  public RateLimitedObjectStore(ObjectStore store, RateLimiter uploads, RateLimiter downloads) {
    this.store = store;
    this.uploads = uploads;
    this.downloads = downloads;
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
    uploads.acquire(data.remaining());
    store.put(key, data);
  }

  /** Charged after the fact: only then it is known how long the object is. */
  @Override
  public int get(String key, long off, ByteBuffer into) throws IOException {
    int count = store.get(key, off, into);
    downloads.acquire(count);
    return count;
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
  public void close() {
    store.close();
  }
}
